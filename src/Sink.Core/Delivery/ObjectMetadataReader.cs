using System.Text.Json;
using System.Text.Unicode;
using Sink.Core.Payloads;

namespace Sink.Core.Delivery;

/// <summary>Reads a journal's metadata document and checks every value: the record as of any writer, then what only a journal's has.</summary>
internal sealed class ObjectMetadataReader
{
    private readonly MetadataFields _fields;

    private ObjectMetadataReader(MetadataFields fields) => _fields = fields;

    public static ObjectMetadata Read(MetadataFields fields)
    {
        ObjectMetadataReader reader = new(fields);
        ObjectMetadata metadata = reader.Read(LakeRecordReader.Read(fields));
        reader.CheckWhole(metadata);
        return metadata;
    }

    private ObjectMetadata Read(LakeRecord record) => new()
    {
        Start = record.Start,
        End = record.End,
        WorkId = record.WorkId,
        DataVersion = record.DataVersion,
        Id = record.Id,
        Hash = record.Hash,
        Source = _fields.Text(ObjectMetadataKeys.Source),
        Stream = _fields.Text(ObjectMetadataKeys.Stream),
        Entries = _fields.Number(ObjectMetadataKeys.Entries),
        RawBytes = _fields.Number(ObjectMetadataKeys.RawBytes),
        Framing = Token(ObjectMetadataKeys.Framing),
            Delimiter = Delimiter(),
        Encoding = Token(ObjectMetadataKeys.Encoding),
        Compression = Token(ObjectMetadataKeys.Compression),
        Epoch = _fields.Text(ObjectMetadataKeys.Epoch),
        Lane = (int)_fields.Number(ObjectMetadataKeys.Lane, 0, int.MaxValue),
        Ordinal = _fields.Number(ObjectMetadataKeys.Ordinal, 0, ObjectKey.MaxOrdinal),
        FirstPosition = _fields.Number(ObjectMetadataKeys.First),
        LastPosition = _fields.Number(ObjectMetadataKeys.Last),
        Previous = _fields.IsNull(ObjectMetadataKeys.Previous) ? null : _fields.Text(ObjectMetadataKeys.Previous),
        Settled = _fields.Number(ObjectMetadataKeys.Settled),
        Drops = Ranges(),
        Dropped = Counts(),
    };

    private void CheckWhole(ObjectMetadata metadata)
    {
        _fields.Check(Blake2b16.IsHex(metadata.Id), ObjectMetadataKeys.Id, "is not 32 lower-case hex digits");
        _fields.Check(metadata.Previous is null || Blake2b16.IsHex(metadata.Previous), ObjectMetadataKeys.Previous, "is not 32 lower-case hex digits");
        _fields.Check(EpochText.IsValid(metadata.Epoch), ObjectMetadataKeys.Epoch, "is not 6 base-36 digits");
        _fields.Check(metadata.LastPosition >= metadata.FirstPosition, ObjectMetadataKeys.Last, "is before first");
        _fields.Check(metadata.Source.Length > 0, ObjectMetadataKeys.Source, "is empty");

        // A reader may make a file of that name: no "..", no control characters.
        string? fault = StreamName.Validate(metadata.Stream);
        _fields.Check(fault is null, ObjectMetadataKeys.Stream, fault ?? "");
    }

    private List<OrdinalRange> Ranges()
    {
        var ranges = new List<OrdinalRange>();
        if (!_fields.TryGet(ObjectMetadataKeys.Drops, out JsonElement drops))
        {
            return ranges;
        }

        bool isSound = drops.ValueKind == JsonValueKind.Array;
        for (int i = 0; isSound && i < drops.GetArrayLength(); i++)
        {
            JsonElement range = drops[i];
            long from = 0;
            long to = 0;
            isSound = range.ValueKind == JsonValueKind.Array && range.GetArrayLength() == 2
                && MetadataFields.TryNumber(range[0], out from) && MetadataFields.TryNumber(range[1], out to)
                && from >= 0 && to >= from && to <= ObjectKey.MaxOrdinal
                && (ranges.Count == 0 || from > ranges[^1].To);
            ranges.Add(new OrdinalRange(from, to));
        }

        _fields.Check(isSound, ObjectMetadataKeys.Drops, "is not a list of ascending [from,to]");
        return ranges;
    }

    private DroppedEntries Counts()
    {
        if (!_fields.TryGet(ObjectMetadataKeys.Dropped, out JsonElement dropped))
        {
            return default;
        }

        if (dropped.ValueKind != JsonValueKind.Object)
        {
            _fields.Check(false, ObjectMetadataKeys.Dropped, "is not an object");
            return default;
        }

        return new DroppedEntries(Count(dropped, ObjectMetadataKeys.Policy), Count(dropped, ObjectMetadataKeys.GivenUp), Count(dropped, ObjectMetadataKeys.Quarantined));
    }

    private long Count(JsonElement dropped, string cause)
    {
        if (!dropped.TryGetProperty(cause, out JsonElement value))
        {
            return 0;
        }

        bool isSound = MetadataFields.TryNumber(value, out long count) && count >= 0;
        _fields.Check(isSound, ObjectMetadataKeys.Dropped, "holds a count below 0, or none");
        return count;
    }

    private string Token(string key)
    {
        string text = _fields.Text(key);
        _fields.Check(ObjectMetadata.IsToken(text), key, $"is not a name of at most {ObjectMetadata.LongestToken} ASCII characters");
        return text;
    }

    private string? Delimiter()
    {
        if (!_fields.TryGet(ObjectMetadataKeys.Delimiter, out JsonElement value))
        {
            return null;
        }

        byte[]? bytes = null;
        bool isSound = value.ValueKind == JsonValueKind.String && value.TryGetBytesFromBase64(out bytes) && DelimitedFraming.IsDelimiter(bytes) && Utf8.IsValid(bytes);
        _fields.Check(isSound, ObjectMetadataKeys.Delimiter, $"is not the base64 of 1 to {DelimitedFraming.MostBytes} bytes of UTF-8");
        return isSound ? System.Text.Encoding.UTF8.GetString(bytes!) : null;
    }
}
