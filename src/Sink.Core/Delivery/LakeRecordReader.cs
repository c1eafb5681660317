namespace Sink.Core.Delivery;

/// <summary>The one place that says what a data lake's record may hold: for documents about to be sealed, our own, and other systems'.</summary>
internal static class LakeRecordReader
{
    private static readonly long _leastTime = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long _greatestTime = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    public static LakeRecord Read(MetadataFields fields)
    {
        fields.Check(fields.Number(ObjectMetadataKeys.Version) == 0, ObjectMetadataKeys.Version, "is not 0");
        long start = fields.Number(ObjectMetadataKeys.Start, _leastTime, _greatestTime);
        LakeRecord record = new()
        {
            Start = start,
            End = fields.IsNull(ObjectMetadataKeys.End) ? null : fields.Number(ObjectMetadataKeys.End, _leastTime, _greatestTime),
            Where = Plain(fields, ObjectMetadataKeys.Where),
            What = Plain(fields, ObjectMetadataKeys.What),
            WorkId = fields.IsNull(ObjectMetadataKeys.WorkId) || !fields.Has(ObjectMetadataKeys.WorkId) ? null : Plain(fields, ObjectMetadataKeys.WorkId),
            DataVersion = fields.Has(ObjectMetadataKeys.DataVersion) ? fields.Text(ObjectMetadataKeys.DataVersion) : null,
            Id = fields.Text(ObjectMetadataKeys.Id),
            Hash = fields.Text(ObjectMetadataKeys.Hash),
            Path = fields.Has(ObjectMetadataKeys.Path) ? fields.Text(ObjectMetadataKeys.Path) : null,
            IsOfJournal = fields.Has(ObjectMetadataKeys.Ordinal) || fields.Has(ObjectMetadataKeys.Settled),
        };
        fields.Check(record.End is null || record.End >= start, ObjectMetadataKeys.End, "is before start");
        fields.Check(record.WorkId is null || IsWorkId(record.WorkId), ObjectMetadataKeys.WorkId, "is the word \"null\"");
        fields.Check(record.DataVersion is null || IsDataVersion(record.DataVersion), ObjectMetadataKeys.DataVersion, "holds other characters than [A-Za-z0-9_-], or none");
        fields.Check(record.Id.Length > 0 && !record.Id.Any(char.IsControl), ObjectMetadataKeys.Id, "is empty, or holds a control character");
        fields.Check(Blake2b16.IsHex(record.Hash), ObjectMetadataKeys.Hash, "is not 32 lower-case hex digits");
        fields.Check(record.Path is null || IsAbsolute(record.Path), ObjectMetadataKeys.Path, "is not an absolute path");
        return record;
    }

    /// <summary>Character by character to the very end: a pattern's <c>$</c> would let a line feed through.</summary>
    public static bool IsPlain(string text) =>
        text.Length > 0 && text.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '-');

    /// <summary>Never the word that JSON has for none: a reader that prints both could not tell them apart.</summary>
    public static bool IsWorkId(string text) => IsPlain(text) && text != "null";

    public static bool IsDataVersion(string text) =>
        text.Length > 0 && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');

    private static string Plain(MetadataFields fields, string key)
    {
        string text = fields.Text(key);
        fields.Check(IsPlain(text), key, "holds other characters than [a-z0-9_-], or none");
        return text;
    }

    /// <summary>On the machine of the writer, which may have been a Windows one.</summary>
    private static bool IsAbsolute(string path) =>
        !path.Any(char.IsControl) && (path.StartsWith('/') || (path.Length > 3 && char.IsAsciiLetter(path[0]) && path[1] == ':' && path[2] is '\\' or '/'));
}
