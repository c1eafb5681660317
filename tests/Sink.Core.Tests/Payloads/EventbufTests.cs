using System.Buffers;
using System.Text;
using System.Text.Json;
using CsCheck;
using Sink.Core.Payloads;

namespace Sink.Core.Tests.Payloads;

public class EventbufTests
{
    private const string FirstWrapped = "1402a100a100a0cf00000132a7105b76a450059fae";
    private const string FirstBare = "1302a100a100a0cf00000132a7105b764bd86161";
    private const string SecondWrapped = "3002a892a577656230312aa9a87061676576696577ad7b226c696e65223a227631227dcf00000132a7105b76a4f60c854c";
    private const string SecondBare = "2f02a892a577656230312aa9a87061676576696577ad7b226c696e65223a227631227dcf00000132a7105b7647246e98";

    private static readonly DateTimeOffset _time = DateTimeOffset.FromUnixTimeMilliseconds(1_317_062_859_638);

    private static readonly string _longWrapped = "cd017002da002bda0028" + Repeat("6b", 40) + "a3cd0102da012c7b226d223a22" + Repeat("78", 292) + "227dcf00000132a7105b76a4daba0056";

    [Fact]
    public void EventsAreThoseOfTheFormat()
    {
        Assert.Equal(FirstWrapped, Write("0", "0", ""));
        Assert.Equal(SecondWrapped, Write("[\"web01\",42]", "\"pageview\"", "{\"line\":\"v1\"}"));

        string third = Write($"\"{new string('k', 40)}\"", "258", $"{{\"m\":\"{new string('x', 292)}\"}}");

        Assert.Equal(371, third.Length / 2);
        Assert.Equal(_longWrapped, third);
    }

    [Fact]
    public void BothFormsOfTheHashAreRead()
    {
        byte[] bytes = Convert.FromHexString(FirstWrapped + SecondBare + _longWrapped + FirstBare + SecondWrapped);

        List<byte[]> entries = Framed.Read(EventbufFraming.Instance, bytes, 1);

        Assert.Equal([FirstWrapped, SecondBare, _longWrapped, FirstBare, SecondWrapped], entries.Select(Convert.ToHexStringLower));
        Assert.Equal(bytes, Framed.Write(EventbufFraming.Instance, [[.. entries]]));
    }

    // Also of the length itself, which the hash covers.
    [Theory]
    [InlineData(SecondWrapped)]
    [InlineData(SecondBare)]
    public void NoBitOfAnEventMayBeAnother(string hex)
    {
        byte[] whole = Convert.FromHexString(hex);
        for (int bit = 0; bit < whole.Length * 8; bit++)
        {
            byte[] spoiled = [.. whole];
            spoiled[bit / 8] ^= (byte)(1 << (bit % 8));

            Assert.False(IsOneEvent(spoiled), $"bit {bit}");
        }
    }

    [Theory]
    [InlineData("null", "c0")]
    [InlineData("true", "c3")]
    [InlineData("false", "c2")]
    [InlineData("127", "7f")]
    [InlineData("128", "cc80")]
    [InlineData("256", "cd0100")]
    [InlineData("65536", "ce00010000")]
    [InlineData("18446744073709551615", "cfffffffffffffffff")]
    [InlineData("-32", "e0")]
    [InlineData("-33", "d0df")]
    [InlineData("-129", "d1ff7f")]
    [InlineData("-32769", "d2ffff7fff")]
    [InlineData("-2147483649", "d3ffffffff7fffffff")]
    [InlineData("\"\\u00e9\"", "a2c3a9")]
    [InlineData("[]", "90")]
    [InlineData("[1,null,\"a\"]", "9301c0a161")]
    public void AKeyIsPackedInItsSmallestForm(string key, string packed)
    {
        string written = Write(key, "\"\"", "{}");

        Assert.StartsWith($"02{0xA0 + (packed.Length / 2):x2}{packed}a1a0a27b7dcf", written[2..], StringComparison.Ordinal);
    }

    [Fact]
    public void ALongFlatListIsAKey()
    {
        byte[] written = Convert.FromHexString(Write($"[{string.Join(',', Enumerable.Repeat("1", 70_000))}]", "1", ""));

        // The length's head and four bytes, the version, da or db and its length, then the list's own head.
        Assert.Equal("02db00011175dd00011170", Convert.ToHexStringLower(written.AsSpan(5, 11)));
        Assert.True(IsOneEvent(written));
    }

    [Theory]
    [InlineData("1.5", "1", "{}", "key")]
    [InlineData("1e400", "1", "{}", "key")]
    [InlineData("18446744073709551616", "1", "{}", "key")]
    [InlineData("{}", "1", "{}", "key")]
    [InlineData("[[1]]", "1", "{}", "key")]
    [InlineData("[{}]", "1", "{}", "key")]
    [InlineData("\"a\\u0000\"", "1", "{}", "key")]
    [InlineData("\"\\ud800\"", "1", "{}", "key")]
    [InlineData("", "1", "{}", "key")]
    [InlineData("1 2", "1", "{}", "key")]
    [InlineData("1", "65536", "{}", "type")]
    [InlineData("1", "-1", "{}", "type")]
    [InlineData("1", "null", "{}", "type")]
    [InlineData("1", "[1]", "{}", "type")]
    [InlineData("1", "1", "[]", "value")]
    [InlineData("1", "1", "{", "value")]
    [InlineData("1", "1", " ", "value")]
    public void WhatTheFormatHasNoPlaceForIsRefused(string key, string type, string value, string parameter)
    {
        ArrayBufferWriter<byte> output = new();

        ArgumentException exception = Assert.Throws<ArgumentException>(() => Eventbuf.Write(output, Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(type), Encoding.UTF8.GetBytes(value), _time));

        Assert.Equal(parameter, exception.ParamName);
        Assert.Equal(0, output.WrittenCount);
    }

    [Fact]
    public void ATimeBefore1970IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(static () => Eventbuf.Write(new ArrayBufferWriter<byte>(), "1"u8, "1"u8, "{}"u8, DateTimeOffset.UnixEpoch.AddTicks(-1)));

    [Fact]
    public void EveryEventThatIsWrittenIsOne() => Gen.Select(Gen.String, Gen.Int[0, 65_535], Gen.String[0, 200]).Sample((key, type, text) =>
    {
        if (!key.Contains('\0', StringComparison.Ordinal))
        {
            Assert.True(IsOneEvent(Convert.FromHexString(Write(JsonSerializer.Serialize(key), $"{type}", JsonSerializer.Serialize(new { text })))));
        }
    });

    private static bool IsOneEvent(byte[] bytes)
    {
        try
        {
            return EventbufScan.LengthOfEvent(bytes) == bytes.Length;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private static string Write(string key, string type, string value)
    {
        ArrayBufferWriter<byte> output = new();
        Eventbuf.Write(output, Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(type), Encoding.UTF8.GetBytes(value), _time);
        return Convert.ToHexStringLower(output.WrittenSpan);
    }

    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));
}
