using System.Text.Unicode;
using Sink.Core.Compressing;
using Sink.Core.Log;
using Sink.Core.Payloads;
using Sink.Core.Storage;

namespace Sink.Core.Packing;

/// <summary>
/// What a stream has of its own. It stands in the log before the stream's first entry of a run, and in checkpoints, so that a later process or another program packs what is left as the
/// one that wrote it would have.
/// </summary>
internal sealed record StreamDefinition
{
    public const int MaxHeaderBytes = 64 * 1024;

    private const uint Version = 1;

    public required string Framing { get; init; }

    public required string Encoding { get; init; }

    /// <summary>Null: the journal's.</summary>
    public string? DirectoryFormat { get; init; }

    /// <summary>Of <see cref="DirectoryFormat"/>; null without one.</summary>
    public string? TimeZone { get; init; }

    /// <summary>Null: the journal's.</summary>
    public Compression? Compression { get; init; }

    /// <summary>Of <see cref="Compression"/>; 0 without one, and where there are none.</summary>
    public int CompressionLevel { get; init; }

    /// <summary>What stands behind entries, or between them, where the framing has such a thing.</summary>
    public byte[] Delimiter { get; init; } = [];

    /// <summary>Null: the journal's.</summary>
    public long? MaxObjectBytes { get; init; }

    /// <summary>Null: none.</summary>
    public long? MaxObjectEntries { get; init; }

    /// <summary>Null: the journal's.</summary>
    public TimeSpan? MaxObjectAge { get; init; }

    /// <summary>What the entries share.</summary>
    public byte[] Header { get; init; } = [];

    /// <summary>By which entries name it, 1 to <see cref="FrameTag.LargestNumber"/>. Two that share one are told apart by their order in the log, but for one that a power loss took.</summary>
    public int Number => 1 + (int)(Crc32C.Of(Encode()) % FrameTag.LargestNumber);

    private static ReadOnlySpan<byte> Magic => "S3JSTRM1"u8;

    /// <summary>What an entry is packed with whose definition is lost: its bytes are kept, of whatever kind they are.</summary>
    public static StreamDefinition Lost { get; } = new() { Framing = LengthFraming.FramingName, Encoding = LengthFraming.UnknownEncoding };

    /// <summary>Whether an object begun under one goes on under the other: then only the header may differ, which each compressed frame has.</summary>
    public bool GoesOnAs(StreamDefinition other) => this with { Header = other.Header } == other;

    public byte[] Encode() => RecordFile.Write(Magic, Version, writer =>
    {
        writer.Write(Framing);
        writer.Write(Encoding);
        writer.Write(DirectoryFormat ?? "");
        writer.Write(TimeZone ?? "");
        writer.Write(Compression?.ToString() ?? "");
        writer.Write(CompressionLevel);
        writer.Write(Delimiter.Length);
        writer.Write(Delimiter);
        writer.Write(MaxObjectBytes ?? 0);
        writer.Write(MaxObjectEntries ?? 0);
        writer.Write(MaxObjectAge?.Ticks ?? 0);
        writer.Write(Header.Length);
        writer.Write(Header);
    });

    /// <summary>Null when the bytes are none, or ask for what this version or machine does not know.</summary>
    public static StreamDefinition? TryDecode(byte[] bytes) => RecordFile.Decode(bytes, Magic, Version, Read) is { IsKnown: true } definition ? definition : null;

    public PartitionFormat? CreatePartitionFormat() => DirectoryFormat is null ? null : new PartitionFormat(DirectoryFormat, TimeZoneInfo.FindSystemTimeZoneById(TimeZone!));

    public Framing GetFraming() => FindFraming() ?? throw new InvalidOperationException($"Unknown framing {Framing} of {Encoding}.");

    private bool IsKnown =>
        FindFraming() is not null
        && Delivery.ObjectMetadata.IsToken(Encoding)
        && Header.Length <= MaxHeaderBytes
        && (Delimiter.Length == 0 || (DelimitedFraming.IsDelimiter(Delimiter) && Utf8.IsValid(Delimiter)))
        && (Compression is null || IsCompression(Compression.Value, CompressionLevel))
        && MaxObjectBytes is null or > 0
        && MaxObjectEntries is null or > 0
        && (MaxObjectAge is null || MaxObjectAge > TimeSpan.Zero)
        && (DirectoryFormat is null || (PartitionFormat.Validate(DirectoryFormat) is null && TimeZone is not null && PackingSettings.IsZone(TimeZone)));

    private Framing? FindFraming() => Payloads.Framing.Find(Framing, Encoding, System.Text.Encoding.UTF8.GetString(Delimiter));

    private static bool IsCompression(Compression compression, int level) =>
        Enum.IsDefined(compression) && (Compressors.Levels(compression) is { } levels ? level >= levels.Least && level <= levels.Most : level == 0);

    /// <summary>A name that this version does not know becomes a value that <see cref="IsCompression"/> refuses.</summary>
    private static Compression? ReadCompression(BinaryReader reader)
    {
        string name = reader.ReadString();
        if (name.Length == 0)
        {
            return null;
        }

        return Enum.TryParse(name, out Compression compression) && compression.ToString() == name ? compression : (Compression)(-1);
    }

    private static StreamDefinition Read(BinaryReader reader) => new()
    {
        Framing = reader.ReadString(),
        Encoding = reader.ReadString(),
        DirectoryFormat = reader.ReadString() is { Length: > 0 } format ? format : null,
        TimeZone = reader.ReadString() is { Length: > 0 } zone ? zone : null,
        Compression = ReadCompression(reader),
        CompressionLevel = reader.ReadInt32(),
        Delimiter = reader.ReadBytes(RecordFile.ReadCount(reader, leastItemBytes: 1)),
        MaxObjectBytes = reader.ReadInt64() is not 0 and long bytes ? bytes : null,
        MaxObjectEntries = reader.ReadInt64() is not 0 and long entries ? entries : null,
        MaxObjectAge = reader.ReadInt64() is not 0 and long age ? TimeSpan.FromTicks(age) : null,
        Header = reader.ReadBytes(RecordFile.ReadCount(reader, leastItemBytes: 1)),
    };

    public bool Equals(StreamDefinition? other) =>
        other is not null
        && Framing == other.Framing
        && Encoding == other.Encoding
        && DirectoryFormat == other.DirectoryFormat
        && TimeZone == other.TimeZone
        && Compression == other.Compression
        && CompressionLevel == other.CompressionLevel
        && Delimiter.AsSpan().SequenceEqual(other.Delimiter)
        && MaxObjectBytes == other.MaxObjectBytes
        && MaxObjectEntries == other.MaxObjectEntries
        && MaxObjectAge == other.MaxObjectAge
        && Header.AsSpan().SequenceEqual(other.Header);

    public override int GetHashCode() => HashCode.Combine(Framing, Encoding, DirectoryFormat, Compression, MaxObjectBytes, MaxObjectEntries, MaxObjectAge, Crc32C.Of(Header));
}
