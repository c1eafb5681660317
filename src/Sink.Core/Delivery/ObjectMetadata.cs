using System.Text;

namespace Sink.Core.Delivery;

/// <summary>
/// The metadata document of an object: one ASCII JSON text, small enough for S3's user metadata. Written once, when the
/// object is sealed; from then on the text itself is kept and hashed, never written anew.
/// </summary>
internal sealed record ObjectMetadata
{
    /// <summary>S3 takes 2 KB of user metadata, names included.</summary>
    public const int MaxLength = 1_800;

    /// <summary>The longest framing, encoding or compression name. Counted in <see cref="MaxLength"/>.</summary>
    public const int LongestToken = 16;

    /// <summary>The longest work id. Counted in <see cref="MaxLength"/>.</summary>
    public const int LongestWorkId = 64;

    /// <summary>The longest data version. Counted in <see cref="MaxLength"/>.</summary>
    public const int LongestDataVersion = 64;

    /// <summary>Least timestamp of the entries, in ms since 1970.</summary>
    public required long Start { get; init; }

    /// <summary>Greatest timestamp of the entries, in ms since 1970; null in a snapshot that another writer made.</summary>
    public required long? End { get; init; }

    /// <summary>See <see cref="JournalOptions.WorkId"/>.</summary>
    public string? WorkId { get; init; }

    /// <summary>See <see cref="JournalOptions.DataVersion"/>.</summary>
    public string? DataVersion { get; init; }

    /// <summary>The object's own: 32 hex digits, see <see cref="Diagnostics.RandomSource.NextHex"/>.</summary>
    public required string Id { get; init; }

    /// <summary>Of the object's bytes, see <see cref="Blake2b16"/>.</summary>
    public required string Hash { get; init; }

    /// <summary>The exact id of the journal that wrote it; <c>where</c> is made from it.</summary>
    public required string Source { get; init; }

    /// <summary>The exact name of the stream; <c>what</c> is made from it.</summary>
    public required string Stream { get; init; }

    public required long Entries { get; init; }

    /// <summary>Bytes before compression.</summary>
    public required long RawBytes { get; init; }

    public required string Framing { get; init; }

    /// <summary>What stands between or behind entries; null for framings that have nothing to choose there.</summary>
    public string? Delimiter { get; init; }

    public required string Encoding { get; init; }

    public required string Compression { get; init; }

    /// <summary>See <see cref="EpochText"/>.</summary>
    public required string Epoch { get; init; }

    public required int Lane { get; init; }

    public required long Ordinal { get; init; }

    /// <summary>Position of the first entry.</summary>
    public required long FirstPosition { get; init; }

    /// <summary>Position of the last entry.</summary>
    public required long LastPosition { get; init; }

    /// <summary><see cref="ChainHash"/> of the previous object's document; null for the first.</summary>
    public required string? Previous { get; init; }

    /// <summary>Below it every ordinal was delivered, dropped or quarantined when this object was sealed.</summary>
    public required long Settled { get; init; }

    /// <summary>Ordinals of objects given up or quarantined, not yet named in another object. Writing may leave out the last of them.</summary>
    public IReadOnlyList<OrdinalRange> Drops { get; init; } = [];

    public DroppedEntries Dropped { get; init; }

    /// <summary>What the next object's <see cref="Previous"/> holds: the hash of this one's whole document, its own <see cref="Previous"/> included.</summary>
    public static string ChainHash(string document) => Blake2b16.HashHex(System.Text.Encoding.ASCII.GetBytes(document));

    /// <summary>Whether the text can name a framing, an encoding or a compression.</summary>
    public static bool IsToken(string text) =>
        text.Length is > 0 and <= LongestToken && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '+');

    /// <summary>The text in lower case with every UTF-8 byte outside <c>[a-z0-9_-]</c> as '-': for the fields whose readers take nothing else.</summary>
    public static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (byte b in System.Text.Encoding.UTF8.GetBytes(text))
        {
            char c = char.ToLowerInvariant((char)b);
            plain.Append(char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_' ? c : '-');
        }

        return plain.ToString();
    }

    /// <summary>
    /// The document. Of <see cref="Drops"/> it names the first <paramref name="dropsWritten"/>, as many as fit; the
    /// caller carries the rest on to the next object.
    /// </summary>
    /// <exception cref="JournalException">It does not fit even without drops; the limits of names rule that out.</exception>
    public string Serialize(out int dropsWritten) => ObjectMetadataWriter.Write(this, out dropsWritten);

    /// <summary>Reads and checks a journal's document; unknown keys are passed over.</summary>
    public static bool TryParse(string document, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ObjectMetadata? metadata, out string error) =>
        MetadataFields.TryRead(document, ObjectMetadataReader.Read, out metadata, out error);
}
