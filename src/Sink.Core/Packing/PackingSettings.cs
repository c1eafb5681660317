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

    public override string ToString() =>
        string.Join(Separator, Framing, Compression, Level.ToString(CultureInfo.InvariantCulture), DirectoryFormat, TimeZone);

    /// <summary>Null when this version does not know what the text asks for.</summary>
    public static PackingSettings? TryParse(string text)
    {
        string[] parts = text.Split(Separator);
        return parts.Length == 5
            && Enum.TryParse(parts[1], out Compression compression)
            && int.TryParse(parts[2], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int level)
            && Payloads.Framing.FromName(parts[0]) is not null
            && PartitionFormat.Validate(parts[3]) is null
            && TimeZoneInfo.TryFindSystemTimeZoneById(parts[4], out _)
            ? new PackingSettings(parts[0], compression, level, parts[3], parts[4])
            : null;
    }

    public PartitionFormat CreatePartitionFormat() => new(DirectoryFormat, TimeZoneInfo.FindSystemTimeZoneById(TimeZone));

    public Payloads.Framing GetFraming() =>
        Payloads.Framing.FromName(Framing) ?? throw new InvalidOperationException($"Unknown framing {Framing}.");

    public Compressor CreateCompressor() => Compressors.Create(Compression, Level);
}
