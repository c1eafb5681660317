using System.Buffers;
using System.Text.Json;
using MessagePack;

namespace Serilog.Sinks.S3Journal.Tests.Support;

/// <summary>One entry in both encodings, each decoded by a reader that is not ours, compared field by field.</summary>
internal sealed class BothEncodings
{
    private BothEncodings()
    {
    }

    /// <summary>JSON numbers that are texts in MessagePack: decimals.</summary>
    public int NumbersAsTexts { get; private set; }

    /// <summary>Numbers of 32 bits.</summary>
    public int Singles { get; private set; }

    public static BothEncodings AssertAgree(byte[] json, byte[] messagePack)
    {
        BothEncodings both = new();
        using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 1_000 });
        MessagePackReader reader = new(messagePack);
        both.Compare(document.RootElement, ref reader);
        Assert.True(reader.End);
        return both;
    }

    private void Compare(JsonElement expected, ref MessagePackReader actual)
    {
        switch (actual.NextMessagePackType)
        {
            case MessagePackType.Map:
                Assert.Equal(JsonValueKind.Object, expected.ValueKind);
                JsonProperty[] members = [.. expected.EnumerateObject()];
                Assert.Equal(members.Length, actual.ReadMapHeader());
                foreach (JsonProperty member in members)
                {
                    Assert.Equal(member.Name, actual.ReadString());
                    Compare(member.Value, ref actual);
                }

                break;
            case MessagePackType.Array:
                Assert.Equal(JsonValueKind.Array, expected.ValueKind);
                Assert.Equal(expected.GetArrayLength(), actual.ReadArrayHeader());
                foreach (JsonElement element in expected.EnumerateArray())
                {
                    Compare(element, ref actual);
                }

                break;
            case MessagePackType.String when expected.ValueKind == JsonValueKind.Number:
                NumbersAsTexts++;
                Assert.Equal(expected.GetRawText(), actual.ReadString());
                break;
            case MessagePackType.String:
                Assert.Equal(expected.GetString(), actual.ReadString());
                break;
            case MessagePackType.Binary:
                Assert.Equal(expected.GetBytesFromBase64(), actual.ReadBytes()!.Value.ToArray());
                break;
            case MessagePackType.Nil:
                Assert.Equal(JsonValueKind.Null, expected.ValueKind);
                Assert.True(actual.TryReadNil());
                break;
            case MessagePackType.Boolean:
                Assert.Equal(expected.GetBoolean(), actual.ReadBoolean());
                break;
            default:
                CompareNumbers(expected, ref actual);
                break;
        }
    }

    private void CompareNumbers(JsonElement expected, ref MessagePackReader actual)
    {
        switch (actual.NextCode)
        {
            case global::MessagePack.MessagePackCode.Float32:
                Singles++;
                float single = actual.ReadSingle();
                AssertFloating(expected, float.IsFinite(single), FormattableString.Invariant($"{single}"), () => BitConverter.SingleToInt32Bits(single) == BitConverter.SingleToInt32Bits(expected.GetSingle()));
                break;
            case global::MessagePack.MessagePackCode.Float64:
                double number = actual.ReadDouble();
                AssertFloating(expected, double.IsFinite(number), FormattableString.Invariant($"{number}"), () => BitConverter.DoubleToInt64Bits(number) == BitConverter.DoubleToInt64Bits(expected.GetDouble()));
                break;
            case global::MessagePack.MessagePackCode.UInt64:
                Assert.Equal(expected.GetUInt64(), actual.ReadUInt64());
                break;
            default:
                Assert.Equal(MessagePackType.Integer, actual.NextMessagePackType);
                Assert.Equal(expected.GetInt64(), actual.ReadInt64());
                break;
        }
    }

    /// <summary>NaN and the infinities are texts in JSON.</summary>
    private static void AssertFloating(JsonElement expected, bool isFinite, string text, Func<bool> isSame)
    {
        if (isFinite)
        {
            Assert.True(isSame(), text);
        }
        else
        {
            Assert.Equal(expected.GetString(), text);
        }
    }
}
