using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Sink.Core.Delivery;

/// <summary>The values of a metadata document, each checked as it is asked for; the first mistake is kept. Anybody who may write to the bucket may have written it.</summary>
internal sealed class MetadataFields
{
    private readonly JsonElement _root;
    private string _error = "";

    private MetadataFields(JsonElement root) => _root = root;

    /// <summary>What <paramref name="read"/> made of the document; null with the first mistake.</summary>
    public static bool TryRead<T>(string document, Func<MetadataFields, T> read, [NotNullWhen(true)] out T? value, out string error)
        where T : class
    {
        value = null;
        if (document.Length > LakeRecord.LongestDocument)
        {
            error = $"is longer than {LakeRecord.LongestDocument} characters";
            return false;
        }

        try
        {
            using JsonDocument json = JsonDocument.Parse(document, new JsonDocumentOptions { AllowDuplicateProperties = false });
            if (json.RootElement.ValueKind != JsonValueKind.Object)
            {
                error = "is not a JSON object";
                return false;
            }

            MetadataFields fields = new(json.RootElement);
            T all = read(fields);
            error = fields._error;
            value = error.Length == 0 ? all : null;
            return value is not null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            // InvalidOperationException: a string with half of an escaped surrogate pair. ArgumentException: half of one that is not escaped.
            error = "is not JSON: " + e.Message;
            return false;
        }
    }

    public void Check(bool isSound, string key, string fault)
    {
        if (!isSound && _error.Length == 0)
        {
            _error = $"{key} {fault}";
        }
    }

    public bool Has(string key) => _root.TryGetProperty(key, out _);

    public bool TryGet(string key, out JsonElement value) => _root.TryGetProperty(key, out value);

    public bool IsNull(string key) => _root.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.Null;

    public string Text(string key)
    {
        bool isText = _root.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String;
        Check(isText, key, "is missing, or not a string");
        return isText ? value.GetString()! : "";
    }

    public long Number(string key, long least = 0, long most = long.MaxValue)
    {
        long number = 0;
        bool isNumber = _root.TryGetProperty(key, out JsonElement value) && TryNumber(value, out number) && number >= least && number <= most;
        Check(isNumber, key, "is missing, or not a whole number in its range");
        return isNumber ? number : 0;
    }

    public static bool TryNumber(JsonElement value, out long number)
    {
        number = 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out number);
    }
}
