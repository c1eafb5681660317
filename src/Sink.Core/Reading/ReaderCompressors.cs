using Sink.Core.Compressing;

namespace Sink.Core.Reading;

/// <summary>The compressors a reader knows by name: the built-in ones, and those it was given.</summary>
internal sealed class ReaderCompressors
{
    private readonly List<CustomCompressor> _own = [];

    public void Add(Func<Compressor> create) =>
        _own.Add(CustomCompressor.TryFind(create, out string fault) ?? throw new JournalException($"The compressor cannot be used: UseCompressor {fault}.") { IsConfiguration = true });

    /// <summary>A new one; null when the name is not known.</summary>
    public Compressor? TryCreate(string name) =>
        Compressors.FromName(name) ?? _own.FindLast(own => own.Kind.Name == name)?.Create();
}
