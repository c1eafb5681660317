using Sink.Core.Compressing;

namespace Sink.Core.Reading;

/// <summary>The compressors a reader knows by name: the built-in ones, and those it was given.</summary>
internal sealed class ReaderCompressors
{
    private readonly List<CustomCompressor> _own = [];

    /// <summary>Whether a built-in compression can be used here; lets tests be without.</summary>
    public Func<Compression, bool> IsPresent { get; init; } = Compressors.IsPresent;

    /// <exception cref="JournalException">It makes none, or one whose names cannot be used.</exception>
    public static CustomCompressor Check(Func<Compressor> create) =>
        CustomCompressor.TryFind(create, out string fault) ?? throw new JournalException($"The compressor cannot be used: UseCompressor {fault}.") { IsConfiguration = true };

    public void Add(CustomCompressor? own)
    {
        if (own is not null)
        {
            _own.Add(own);
        }
    }

    /// <summary>What frames of that name are; null when it is not known.</summary>
    public FrameKind? FindKind(string name) => FrameKind.BuiltIn.FirstOrDefault(kind => kind.Name == name) ?? Find(name)?.Kind;

    /// <summary>A new one; null when the name is not known.</summary>
    /// <exception cref="JournalException">It needs a library that is not installed, or the program's own cannot be made.</exception>
    public Compressor? TryCreate(string name)
    {
        if (name == XzCompressor.CompressorName && !IsPresent(Compression.Xz))
        {
            throw new JournalException($"What is compressed as '{name}' needs the library liblzma to be read, and this machine does not have it: {XzCompressor.Installing}.");
        }

        try
        {
            return Compressors.FromName(name) ?? Find(name)?.Create();
        }
        catch (Exception exception)
        {
            throw new JournalException($"The compressor '{name}' cannot be made: {exception.Message}", exception);
        }
    }

    private CustomCompressor? Find(string name) => _own.FindLast(own => own.Kind.Name == name);
}
