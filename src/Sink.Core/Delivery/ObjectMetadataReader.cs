using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Unicode;
using Sink.Core.Payloads;

namespace Sink.Core.Delivery;

/// <summary>Reads a metadata document and checks every value: anybody who may write to the bucket may have written it.</summary>
internal sealed class ObjectMetadataReader
{
    private readonly JsonElement _root;
    private string _error = "";

    private ObjectMetadataReader(JsonElement root) => _root = root;

    public static bool TryRead(string document, [NotNullWhen(true)] out ObjectMetadata? metadata, out string error)
    {
        metadata = null;
        try
        {
            using JsonDocument json = JsonDocument.Parse(document, new JsonDocumentOptions { AllowDuplicateProperties = false });
            if (json.RootElement.ValueKind != JsonValueKind.Object)
            {
                error = "is not a JSON object";
                return false;
            }

            var reader = new ObjectMetadataReader(json.RootElement);
            ObjectMetadata read = reader.Read();
            error = reader._error;
            metadata = error.Length == 0 ? read : null;
            return metadata is not null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            // InvalidOperationException: a string with half of an escaped surrogate pair. ArgumentException: half of one that is not escaped.
            error = "is not JSON: " + e.Message;
            return false;
        }
    }

    private ObjectMetadata Read()
    {
        Check(Number(ObjectMetadataKeys.Version) == 0, ObjectMetadataKeys.Version, "is not 0");
        CheckPlain(ObjectMetadataKeys.Where, isRequired: true);
        CheckPlain(ObjectMetadataKeys.What, isRequired: true);
        CheckPlain(ObjectMetadataKeys.WorkId, isRequired: false);

        var metadata = new ObjectMetadata
        {
            Start = Number(ObjectMetadataKeys.Start, long.MinValue),
            End = IsNull(ObjectMetadataKeys.End) ? null : Number(ObjectMetadataKeys.End, long.MinValue),
            Id = Text(ObjectMetadataKeys.Id),
            Hash = Text(ObjectMetadataKeys.Hash),
            Source = Text(ObjectMetadataKeys.Source),
            Stream = Text(ObjectMetadataKeys.Stream),
            Entries = Number(ObjectMetadataKeys.Entries),
            RawBytes = Number(ObjectMetadataKeys.RawBytes),
            Framing = Token(ObjectMetadataKeys.Framing),
            Delimiter = Delimiter(),
            Encoding = Token(ObjectMetadataKeys.Encoding),
            Compression = Token(ObjectMetadataKeys.Compression),
            Epoch = Text(ObjectMetadataKeys.Epoch),
            Lane = (int)Number(ObjectMetadataKeys.Lane, 0, int.MaxValue),
            Ordinal = Number(ObjectMetadataKeys.Ordinal, 0, ObjectKey.MaxOrdinal),
            FirstPosition = Number(ObjectMetadataKeys.First),
            LastPosition = Number(ObjectMetadataKeys.Last),
            Previous = IsNull(ObjectMetadataKeys.Previous) ? null : Text(ObjectMetadataKeys.Previous),
            Settled = Number(ObjectMetadataKeys.Settled),
            Drops = Ranges(),
            Dropped = Counts(),
        };
        CheckWhole(metadata);
        return metadata;
    }

    private void CheckWhole(ObjectMetadata metadata)
    {
        Check(metadata.End is null || metadata.End >= metadata.Start, ObjectMetadataKeys.End, "is before start");
        Check(Blake2b16.IsHex(metadata.Id), ObjectMetadataKeys.Id, "is not 32 lower-case hex digits");
        Check(Blake2b16.IsHex(metadata.Hash), ObjectMetadataKeys.Hash, "is not 32 lower-case hex digits");
        Check(metadata.Previous is null || Blake2b16.IsHex(metadata.Previous), ObjectMetadataKeys.Previous, "is not 32 lower-case hex digits");
        Check(EpochText.IsValid(metadata.Epoch), ObjectMetadataKeys.Epoch, "is not 6 base-36 digits");
        Check(metadata.LastPosition >= metadata.FirstPosition, ObjectMetadataKeys.Last, "is before first");
        Check(metadata.Source.Length > 0, ObjectMetadataKeys.Source, "is empty");

        // A reader may make a file of that name: no "..", no control characters.
        string? fault = StreamName.Validate(metadata.Stream);
        Check(fault is null, ObjectMetadataKeys.Stream, fault ?? "");
    }

    private List<OrdinalRange> Ranges()
    {
        var ranges = new List<OrdinalRange>();
        if (!_root.TryGetProperty(ObjectMetadataKeys.Drops, out JsonElement drops))
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
                && TryNumber(range[0], out from) && TryNumber(range[1], out to)
                && from >= 0 && to >= from && to <= ObjectKey.MaxOrdinal
                && (ranges.Count == 0 || from > ranges[^1].To);
            ranges.Add(new OrdinalRange(from, to));
        }

        Check(isSound, ObjectMetadataKeys.Drops, "is not a list of ascending [from,to]");
        return ranges;
    }

    private DroppedEntries Counts()
    {
        if (!_root.TryGetProperty(ObjectMetadataKeys.Dropped, out JsonElement dropped))
        {
            return default;
        }

        if (dropped.ValueKind != JsonValueKind.Object)
        {
            Check(false, ObjectMetadataKeys.Dropped, "is not an object");
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

        bool isSound = TryNumber(value, out long count) && count >= 0;
        Check(isSound, ObjectMetadataKeys.Dropped, "holds a count below 0, or none");
        return count;
    }

    private void CheckPlain(string key, bool isRequired)
    {
        if (!isRequired && (IsNull(key) || !_root.TryGetProperty(key, out _)))
        {
            return;
        }

        string text = Text(key);
        Check(text.Length > 0 && text == ObjectMetadata.Plain(text), key, "holds other characters than [a-z0-9_-]");
        Check(key != ObjectMetadataKeys.WorkId || text != "null", key, "is the word \"null\"");
    }

    private string Token(string key)
    {
        string text = Text(key);
        Check(ObjectMetadata.IsToken(text), key, $"is not a name of at most {ObjectMetadata.LongestToken} ASCII characters");
        return text;
    }

    private string? Delimiter()
    {
        if (!_root.TryGetProperty(ObjectMetadataKeys.Delimiter, out JsonElement value))
        {
            return null;
        }

        byte[]? bytes = null;
        bool isSound = value.ValueKind == JsonValueKind.String && value.TryGetBytesFromBase64(out bytes) && DelimitedFraming.IsDelimiter(bytes) && Utf8.IsValid(bytes);
        Check(isSound, ObjectMetadataKeys.Delimiter, $"is not the base64 of 1 to {DelimitedFraming.MostBytes} bytes of UTF-8");
        return isSound ? System.Text.Encoding.UTF8.GetString(bytes!) : null;
    }

    private bool IsNull(string key) => _root.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.Null;

    private string Text(string key)
    {
        bool isText = _root.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String;
        Check(isText, key, "is missing, or not a string");
        return isText ? value.GetString()! : "";
    }

    private long Number(string key, long least = 0, long most = long.MaxValue)
    {
        long number = 0;
        bool isNumber = _root.TryGetProperty(key, out JsonElement value) && TryNumber(value, out number) && number >= least && number <= most;
        Check(isNumber, key, "is missing, or not a whole number in its range");
        return isNumber ? number : 0;
    }

    private static bool TryNumber(JsonElement value, out long number)
    {
        number = 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out number);
    }

    private void Check(bool isSound, string key, string fault)
    {
        if (!isSound && _error.Length == 0)
        {
            _error = $"{key} {fault}";
        }
    }
}
