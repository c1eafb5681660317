using System.Buffers;
using System.Globalization;
using System.Text;
using MessagePack;
using Sink.Core;

namespace Serilog.Sinks.S3Journal.Tests.Support;

/// <summary>
/// MessagePack as the package MessagePack reads it, printed as JSON: what differs then is a decimal, which is a text. Whoever asks has also proved that these are the bytes which
/// that package would have written.
/// </summary>
internal static class MessagePackText
{
    /// <summary>For <see cref="FakeJournal.Decode"/>.</summary>
    public static string Of(StreamOptions? options, byte[] payload) => options?.Encoding == "msgpack" ? Of(payload) : Encoding.UTF8.GetString(payload);

    public static string Of(byte[] payload)
    {
        MessagePackReader reader = new(payload);
        ArrayBufferWriter<byte> again = new();
        MessagePackWriter writer = new(again);
        Utf8Buffer text = new();
        Copy(ref reader, ref writer, text);
        writer.Flush();
        Assert.True(reader.End);
        Assert.Equal(payload, again.WrittenSpan.ToArray());
        return Encoding.UTF8.GetString(text.Written);
    }

    private static void Copy(ref MessagePackReader reader, ref MessagePackWriter writer, Utf8Buffer text)
    {
        switch (reader.NextMessagePackType)
        {
            case MessagePackType.Map:
                CopyMap(ref reader, ref writer, text);
                break;
            case MessagePackType.Array:
                int count = reader.ReadArrayHeader();
                writer.WriteArrayHeader(count);
                text.WriteByte((byte)'[');
                for (int i = 0; i < count; i++)
                {
                    text.Write(i == 0 ? ""u8 : ","u8);
                    Copy(ref reader, ref writer, text);
                }

                text.WriteByte((byte)']');
                break;
            case MessagePackType.String:
                string? value = reader.ReadString();
                writer.Write(value);
                text.WriteJsonString(value);
                break;
            case MessagePackType.Binary:
                byte[] bytes = reader.ReadBytes()!.Value.ToArray();
                writer.Write(bytes);
                text.WriteJsonString(Convert.ToBase64String(bytes));
                break;
            default:
                CopySingle(ref reader, ref writer, text);
                break;
        }
    }

    private static void CopyMap(ref MessagePackReader reader, ref MessagePackWriter writer, Utf8Buffer text)
    {
        int count = reader.ReadMapHeader();
        writer.WriteMapHeader(count);
        text.WriteByte((byte)'{');
        for (int i = 0; i < count; i++)
        {
            text.Write(i == 0 ? ""u8 : ","u8);
            Assert.Equal(MessagePackType.String, reader.NextMessagePackType);
            Copy(ref reader, ref writer, text);
            text.WriteByte((byte)':');
            Copy(ref reader, ref writer, text);
        }

        text.WriteByte((byte)'}');
    }

    private static void CopySingle(ref MessagePackReader reader, ref MessagePackWriter writer, Utf8Buffer text)
    {
        switch (reader.NextCode)
        {
            case global::MessagePack.MessagePackCode.Nil:
                Assert.True(reader.TryReadNil());
                writer.WriteNil();
                text.WriteText("null");
                break;
            case global::MessagePack.MessagePackCode.True or global::MessagePack.MessagePackCode.False:
                bool flag = reader.ReadBoolean();
                writer.Write(flag);
                text.WriteText(flag ? "true" : "false");
                break;
            case global::MessagePack.MessagePackCode.Float32:
                float single = reader.ReadSingle();
                writer.Write(single);
                text.WriteText(float.IsFinite(single) ? single.ToString("R", CultureInfo.InvariantCulture) : $"\"{single.ToString(CultureInfo.InvariantCulture)}\"");
                break;
            case global::MessagePack.MessagePackCode.Float64:
                double number = reader.ReadDouble();
                writer.Write(number);
                text.WriteText(double.IsFinite(number) ? number.ToString("R", CultureInfo.InvariantCulture) : $"\"{number.ToString(CultureInfo.InvariantCulture)}\"");
                break;
            case global::MessagePack.MessagePackCode.UInt64:
                ulong large = reader.ReadUInt64();
                writer.Write(large);
                text.Write(large);
                break;
            default:
                Assert.Equal(MessagePackType.Integer, reader.NextMessagePackType);
                long integer = reader.ReadInt64();
                writer.Write(integer);
                text.Write(integer);
                break;
        }
    }
}
