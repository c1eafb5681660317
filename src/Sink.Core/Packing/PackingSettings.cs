using System.Globalization;
using Sink.Core.Compressing;

namespace Sink.Core.Packing;

/// <summary>
/// What decides which object an entry goes to, and in which bytes. A checkpoint keeps it as text, so that a later run
/// can finish the open objects as they were begun, whatever its own options say.
/// </summary>
internal sealed record PackingSettings(string Framing, Compression Compression, int Level, string DirectoryFormat, string TimeZone)
{
    private const char Separator = '\n';

    private readonly FrameKind? _custom;

    /// <summary>A compressor of the program's own, in place of <see cref="Compression"/> and <see cref="Level"/>: settings that differ in these alone are the same.</summary>
    public FrameKind? Custom
    {
        get => _custom;
        init => (_custom, Compression, Level) = value is null ? (null, Compression, Level) : (value, Compression.None, 0);
    }

    /// <summary>What compressed frames are under these settings.</summary>
    public FrameKind Kind => Custom ?? FrameKind.Of(Compression);

    public override string ToString()
    {
        // No name of a compression has a space, and of the three only the content type may.
        string compression = Custom is { } own ? $"{own.Name} {own.Suffix} {own.ContentType}" : Compression.ToString();
        return string.Join(Separator, Framing, compression, Level.ToString(CultureInfo.InvariantCulture), DirectoryFormat, TimeZone);
    }

    /// <summary>Null when this version does not know what the text asks for.</summary>
    public static PackingSettings? TryParse(string text)
    {
        string[] parts = text.Split(Separator);
        FrameKind? custom = null;
        return parts.Length == 5
            && TryParseCompression(parts[1], out Compression compression, out custom)
            && int.TryParse(parts[2], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int level)
            && FindFraming(parts[0]) is not null
            && PartitionFormat.Validate(parts[3]) is null
            && IsZone(parts[4])
            ? new PackingSettings(parts[0], compression, level, parts[3], parts[4]) { Custom = custom }
            : null;
    }

    /// <summary>The same, but for how frames are compressed.</summary>
    public PackingSettings CompressedAs(PackingSettings other) => this with { Custom = other.Custom, Compression = other.Compression, Level = other.Level };

    /// <summary>The same, not compressed.</summary>
    public PackingSettings NotCompressed() => this with { Custom = null, Compression = Compression.None, Level = 0 };

    public PartitionFormat CreatePartitionFormat() => new(DirectoryFormat, TimeZoneInfo.FindSystemTimeZoneById(TimeZone));

    public Payloads.Framing GetFraming() =>
        FindFraming(Framing) ?? throw new InvalidOperationException($"Unknown framing {Framing}.");

    /// <summary>A built-in compressor; one of the program's own is not made from settings.</summary>
    public Compressor CreateCompressor() => Compressors.Create(Compression, Level);

    /// <summary>Whether this machine knows the time zone. A zone's name is a path below the system's zone files; one that leads elsewhere must not have that file read.</summary>
    public static bool IsZone(string name) =>
        name.Length is > 0 and <= 100 && name[0] != '/' && !name.Contains("..", StringComparison.Ordinal) && !name.Contains('\\') && !name.Any(char.IsControl) && TimeZoneInfo.TryFindSystemTimeZoneById(name, out _);

    private static bool TryParseCompression(string text, out Compression compression, out FrameKind? custom)
    {
        string[] own = text.Split(' ', 3);
        custom = own.Length == 3 ? new FrameKind(own[0], own[1], own[2]) : null;
        compression = Compression.None;
        if (custom is not null)
        {
            return CustomCompressor.IsSound(custom);
        }

        return Enum.TryParse(text, out compression) && Enum.IsDefined(compression);
    }

    private static Payloads.Framing? FindFraming(string name) => Payloads.Framing.Find(name, StreamForm.DefaultEncoding);
}
