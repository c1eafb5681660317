using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Sink.Core.Payloads;

namespace Sink.Core;

/// <summary>Makes events in the eventbuf-v2 format: the entries of streams with <see cref="StreamFraming.EventbufV2"/>.</summary>
public static class Eventbuf
{
    /// <summary>Appends one event, whole, to a buffer. Its hash is written as MessagePack raw; readers of this library take the bare form too.</summary>
    /// <param name="output">The buffer.</param>
    /// <param name="key">What tells the event from all others, as UTF-8 JSON: a string, a whole number of 64 bits, true, false, null, or a flat list of them; U+0000 is in none of them.</param>
    /// <param name="type">As UTF-8 JSON: a string, or a whole number from 0 to 65,535.</param>
    /// <param name="value">A JSON object as UTF-8, kept byte for byte; empty for none.</param>
    /// <param name="clientTime">When it happened: from 1970 on, kept in whole milliseconds.</param>
    /// <exception cref="ArgumentException">One of them is none of that. Nothing is written then.</exception>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> key, ReadOnlySpan<byte> type, ReadOnlySpan<byte> value, DateTimeOffset clientTime)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentOutOfRangeException.ThrowIfLessThan(clientTime, DateTimeOffset.UnixEpoch);
        byte[] packedKey = Pack(key, nameof(key), isType: false);
        byte[] packedType = Pack(type, nameof(type), isType: true);
        if (!value.IsEmpty && !IsObject(value))
        {
            throw new ArgumentException("The value of an event is a JSON object in UTF-8, or empty.", nameof(value));
        }

        ArrayBufferWriter<byte> fields = new(value.Length + packedKey.Length + packedType.Length + 32);
        MessagePackWriter.WriteInteger(fields, (long)EventbufScan.Version);
        MessagePackWriter.WriteRaw(fields, packedKey);
        MessagePackWriter.WriteRaw(fields, packedType);
        MessagePackWriter.WriteRaw(fields, value);
        MessagePackWriter.WriteInteger(fields, clientTime.ToUnixTimeMilliseconds());
        ArrayBufferWriter<byte> whole = new(fields.WrittenCount + 16);
        MessagePackWriter.WriteInteger(whole, (long)fields.WrittenCount + 1 + EventbufScan.HashBytes);
        whole.Write(fields.WrittenSpan);
        MessagePackWriter.WriteRaw(whole, SHA1.HashData(whole.WrittenSpan).AsSpan(0, EventbufScan.HashBytes));
        output.Write(whole.WrittenSpan);
    }

    private static bool IsObject(ReadOnlySpan<byte> value) => JsonEntry.IsDocument(value) && value[JsonScan.LengthOfSpace(value)] == (byte)'{';

    private static byte[] Pack(ReadOnlySpan<byte> json, string name, bool isType)
    {
        ArrayBufferWriter<byte> packed = new();
        try
        {
            if (!JsonEntry.IsDocument(json))
            {
                throw new ArgumentException($"The {name} of an event is JSON in UTF-8.", name);
            }

            Utf8JsonReader reader = new(json);
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartArray && !isType)
            {
                MessagePackWriter.WriteArrayHead(packed, Count(reader));
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    Pack(packed, ref reader, name, isType);
                }
            }
            else
            {
                Pack(packed, ref reader, name, isType);
            }

            return packed.WrittenSpan.ToArray();
        }
        catch (InvalidOperationException e)
        {
            throw new ArgumentException($"The {name} of an event has a string with half of an escaped surrogate pair.", name, e);
        }
    }

    // The reader is a copy, and stays where it is. A list within the list is found when it is packed.
    private static int Count(Utf8JsonReader reader)
    {
        int count = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            count++;
        }

        return count;
    }

    private static void Pack(ArrayBufferWriter<byte> packed, ref Utf8JsonReader reader, string name, bool isType)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String when reader.GetString() is { } text && !text.Contains('\0'):
                MessagePackWriter.WriteRaw(packed, System.Text.Encoding.UTF8.GetBytes(text));
                break;
            case JsonTokenType.Number when reader.TryGetInt64(out long number) && (!isType || number is >= 0 and <= ushort.MaxValue):
                MessagePackWriter.WriteInteger(packed, number);
                break;
            case JsonTokenType.Number when !isType && reader.TryGetUInt64(out ulong number):
                MessagePackWriter.WriteInteger(packed, number);
                break;
            case JsonTokenType.Null when !isType:
                MessagePackWriter.WriteByte(packed, MessagePackWriter.Nil);
                break;
            case JsonTokenType.True or JsonTokenType.False when !isType:
                MessagePackWriter.WriteByte(packed, reader.TokenType == JsonTokenType.True ? MessagePackWriter.True : MessagePackWriter.False);
                break;
            default:
                throw new ArgumentException(
                    isType
                        ? "The type of an event is a string without U+0000, or a whole number from 0 to 65,535."
                        : "The key of an event is a string without U+0000, a whole number of 64 bits, true, false, null, or a flat list of them.",
                    name);
        }
    }
}
