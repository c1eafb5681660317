namespace Sink.Core.Compressing;

/// <summary>What a compressor's frames are to those who read them: all that is needed of it to finish an object it began.</summary>
internal sealed record FrameKind(string Name, string Suffix, string ContentType)
{
    private static readonly Dictionary<Compression, FrameKind> _builtIn = Enum.GetValues<Compression>().ToDictionary(static compression => compression, Find);

    public static FrameKind None => Of(Compression.None);

    public static IEnumerable<FrameKind> BuiltIn => _builtIn.Values;

    public static FrameKind Of(Compressor compressor) => new(compressor.Name, compressor.Suffix, compressor.ContentType);

    public static FrameKind Of(Compression compression) => _builtIn[compression];

    private static FrameKind Find(Compression compression)
    {
        using Compressor compressor = Compressors.Create(compression, null);
        return Of(compressor);
    }
}
