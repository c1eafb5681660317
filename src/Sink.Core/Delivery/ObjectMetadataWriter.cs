using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Sink.Core.Delivery;

/// <summary>Writes the metadata document within its bound.</summary>
internal static class ObjectMetadataWriter
{
    /// <exception cref="JournalException">It does not fit even without drops.</exception>
    public static string Write(ObjectMetadata metadata, out int dropsWritten)
    {
        string bare = Write(metadata, 0);
        if (bare.Length > ObjectMetadata.MaxLength)
        {
            throw new JournalException(string.Create(
                CultureInfo.InvariantCulture,
                $"The metadata of the stream \"{metadata.Stream}\" is {bare.Length} characters; {ObjectMetadata.MaxLength} are possible."));
        }

        dropsWritten = CountFitting(metadata.Drops, ObjectMetadata.MaxLength - bare.Length);
        return dropsWritten == 0 ? bare : Write(metadata, dropsWritten);
    }

    private static int CountFitting(IReadOnlyList<OrdinalRange> drops, int room)
    {
        int count = 0;
        foreach (OrdinalRange range in drops)
        {
            // "[from,to]", and a comma behind another.
            room -= Digits(range.From) + Digits(range.To) + 3 + (count > 0 ? 1 : 0);
            if (room < 0)
            {
                break;
            }

            count++;
        }

        return count;
    }

    private static int Digits(long value) => value.ToString(CultureInfo.InvariantCulture).Length;

    private static string Write(ObjectMetadata metadata, int drops)
    {
        var buffer = new ArrayBufferWriter<byte>(ObjectMetadata.MaxLength);

        // The default encoder escapes everything outside ASCII, which S3 would refuse.
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            WriteRecord(json, metadata);
            WriteOrigin(json, metadata);
            WriteDrops(json, metadata, drops);
            json.WriteEndObject();
        }

        return Encoding.ASCII.GetString(buffer.WrittenSpan);
    }

    /// <summary>The fields that every writer of a data lake gives.</summary>
    private static void WriteRecord(Utf8JsonWriter json, ObjectMetadata metadata)
    {
        json.WriteNumber(ObjectMetadataKeys.Version, 0);
        json.WriteNumber(ObjectMetadataKeys.Start, metadata.Start);
        if (metadata.End is { } end)
        {
            json.WriteNumber(ObjectMetadataKeys.End, end);
        }
        else
        {
            json.WriteNull(ObjectMetadataKeys.End);
        }

        json.WriteString(ObjectMetadataKeys.Where, ObjectMetadata.Plain(metadata.Source));
        json.WriteString(ObjectMetadataKeys.What, ObjectMetadata.Plain(metadata.Stream));
        json.WriteString(ObjectMetadataKeys.WorkId, metadata.WorkId);
        if (metadata.DataVersion is { } version)
        {
            json.WriteString(ObjectMetadataKeys.DataVersion, version);
        }

        json.WriteString(ObjectMetadataKeys.Id, metadata.Id);
        json.WriteString(ObjectMetadataKeys.Hash, metadata.Hash);
    }

    private static void WriteOrigin(Utf8JsonWriter json, ObjectMetadata metadata)
    {
        json.WriteString(ObjectMetadataKeys.Source, metadata.Source);
        json.WriteString(ObjectMetadataKeys.Stream, metadata.Stream);
        json.WriteNumber(ObjectMetadataKeys.Entries, metadata.Entries);
        json.WriteNumber(ObjectMetadataKeys.RawBytes, metadata.RawBytes);
        WriteToken(json, ObjectMetadataKeys.Framing, metadata.Framing);
        if (metadata.Delimiter is { } delimiter)
        {
            // As text it could take six characters for each.
            json.WriteBase64String(ObjectMetadataKeys.Delimiter, Encoding.UTF8.GetBytes(delimiter));
        }

        WriteToken(json, ObjectMetadataKeys.Encoding, metadata.Encoding);
        WriteToken(json, ObjectMetadataKeys.Compression, metadata.Compression);
        json.WriteString(ObjectMetadataKeys.Epoch, metadata.Epoch);
        json.WriteNumber(ObjectMetadataKeys.Lane, metadata.Lane);
        json.WriteNumber(ObjectMetadataKeys.Ordinal, metadata.Ordinal);
        json.WriteNumber(ObjectMetadataKeys.First, metadata.FirstPosition);
        json.WriteNumber(ObjectMetadataKeys.Last, metadata.LastPosition);
        json.WriteString(ObjectMetadataKeys.Previous, metadata.Previous);
        json.WriteNumber(ObjectMetadataKeys.Settled, metadata.Settled);
    }

    /// <summary>The default encoder makes six characters of a '+', and three tokens of them would break the bound. Tokens hold nothing that JSON must escape.</summary>
    private static void WriteToken(Utf8JsonWriter json, string key, string token) =>
        json.WriteString(key, ObjectMetadata.IsToken(token) ? JsonEncodedText.Encode(token, JavaScriptEncoder.UnsafeRelaxedJsonEscaping) : JsonEncodedText.Encode(token));

    private static void WriteDrops(Utf8JsonWriter json, ObjectMetadata metadata, int count)
    {
        json.WriteStartArray(ObjectMetadataKeys.Drops);
        foreach (OrdinalRange range in metadata.Drops.Take(count))
        {
            json.WriteStartArray();
            json.WriteNumberValue(range.From);
            json.WriteNumberValue(range.To);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        if (metadata.Dropped.IsNone)
        {
            return;
        }

        json.WriteStartObject(ObjectMetadataKeys.Dropped);
        WriteCount(json, ObjectMetadataKeys.Policy, metadata.Dropped.Policy);
        WriteCount(json, ObjectMetadataKeys.GivenUp, metadata.Dropped.GivenUp);
        WriteCount(json, ObjectMetadataKeys.Quarantined, metadata.Dropped.Quarantined);
        json.WriteEndObject();
    }

    private static void WriteCount(Utf8JsonWriter json, string cause, long count)
    {
        if (count != 0)
        {
            json.WriteNumber(cause, count);
        }
    }
}
