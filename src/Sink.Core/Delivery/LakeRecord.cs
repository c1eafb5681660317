using System.Diagnostics.CodeAnalysis;

namespace Sink.Core.Delivery;

/// <summary>
/// What every writer of a data lake says of an object, in version 0 of its record. Our own documents are such a record with
/// more fields (see <see cref="ObjectMetadata"/>); one without them is another system's.
/// </summary>
internal sealed record LakeRecord
{
    /// <summary>A listing holds every document it read. S3 takes 2 KB; a directory would take anything.</summary>
    public const int LongestDocument = 1 << 16;

    /// <summary>In ms since 1970.</summary>
    public required long Start { get; init; }

    /// <summary>In ms since 1970, not before <see cref="Start"/>; null for a snapshot of one moment.</summary>
    public required long? End { get; init; }

    public required string Where { get; init; }

    public required string What { get; init; }

    public required string? WorkId { get; init; }

    public required string? DataVersion { get; init; }

    /// <summary>Any text without control characters: only ours are 32 hex digits for certain.</summary>
    public required string Id { get; init; }

    /// <summary>Of the object's bytes, see <see cref="Blake2b16"/>.</summary>
    public required string Hash { get; init; }

    /// <summary>Where the object's bytes stood on the machine that wrote it, absolute there.</summary>
    public required string? Path { get; init; }

    /// <summary>Whether a journal wrote the document: then all of its own fields must be right too.</summary>
    public required bool IsOfJournal { get; init; }

    /// <summary>Reads and checks a document of any writer; unknown keys are passed over.</summary>
    public static bool TryParse(string document, [NotNullWhen(true)] out LakeRecord? record, out string error) =>
        MetadataFields.TryRead(document, LakeRecordReader.Read, out record, out error);
}
