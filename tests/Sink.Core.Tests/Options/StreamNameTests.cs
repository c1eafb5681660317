using System.Text;
using CsCheck;
using Sink.Core.Delivery;

namespace Sink.Core.Tests.Options;

public class StreamNameTests
{
    [Theory]
    [InlineData("orders")]
    [InlineData("orders/api")]
    [InlineData("größe/日本/🙂")]
    [InlineData("with space ~ and %2E")]
    public void AUsableNameIsKeptAsItIs(string name)
    {
        Assert.Null(StreamName.Validate(name));
        var stream = new StreamName(name);
        Assert.Equal(name, stream.Name);
        Assert.Equal(name, Encoding.UTF8.GetString(stream.Utf8));
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("/orders", "empty segment")]
    [InlineData("orders/", "empty segment")]
    [InlineData("orders//api", "empty segment")]
    [InlineData("orders/../api", "\"..\"")]
    [InlineData("./api", "\".\"")]
    [InlineData("orders\\api", "backslash")]
    [InlineData("orders\n", "control character")]
    [InlineData("orders\u0085", "control character")]
    public void ANameThatNoKeyCanHoldIsRefused(string name, string reason)
    {
        Assert.Contains(reason, StreamName.Validate(name));
        Assert.Contains(reason, Assert.Throws<ArgumentException>(() => new StreamName(name)).Message);
    }

    [Theory]
    [InlineData(".net")]
    [InlineData("a/.b")]
    [InlineData("...")]
    public void ASegmentThatFileListingsHideIsRefused(string name) => Assert.Contains("begins with a dot", StreamName.Validate(name));

    [Fact]
    public void HalfACharacterIsRefused() => Assert.Contains("lone surrogate", StreamName.Validate("a\ud83d"));

    [Fact]
    public void LengthIsCountedInBytesAndInEscapedCharacters()
    {
        Assert.Null(StreamName.Validate("a/" + new string('a', 254)));
        Assert.Contains("257 bytes", StreamName.Validate("a/" + new string('a', 255)));
        Assert.Null(StreamName.Validate(new string('a', 255)));
        Assert.Contains("segment of more than 255 bytes", StreamName.Validate(new string('a', 256)));
        Assert.Null(StreamName.Validate(new string('ж', 85)));
        Assert.Contains("516 characters once escaped", StreamName.Validate(new string('ж', 86)));
    }

    [Theory]
    [InlineData("alice", "alice")]
    [InlineData("A-b_c.9", "A-b_c.9")]
    [InlineData("a/b", "a%2Fb")]
    [InlineData("a b%", "a%20b%25")]
    [InlineData("~", "%7E")]
    [InlineData("größe", "gr%C3%B6%C3%9Fe")]
    [InlineData("", "%")]
    [InlineData(".", "%2E")]
    [InlineData("..", "%2E%2E")]
    [InlineData("...", "%2E%2E%2E")]
    [InlineData(".net", "%2Enet")]
    [InlineData("_", "%5F")]
    [InlineData("_overflow", "%5Foverflow")]
    [InlineData("a.b..", "a.b..")]
    [InlineData("%2E", "%252E")]
    [InlineData("%", "%25")]
    public void AValueIsPercentEncoded(string value, string text) => Assert.Equal(text, StreamName.EncodeValue(value));

    [Fact]
    public void LoneSurrogatesStayApart()
    {
        Assert.Equal("%ED%A0%BD", StreamName.EncodeValue("\ud83d"));
        Assert.Equal("%ED%B8%80", StreamName.EncodeValue("\ude00"));
        Assert.Equal("%F0%9F%98%80", StreamName.EncodeValue("\ud83d\ude00"));
        Assert.NotEqual(StreamName.EncodeValue("\ud83d"), StreamName.EncodeValue("\ufffd"));
    }

    [Fact]
    public void ALongValueIsCutWithAHash()
    {
        string whole = new('a', 64);
        Assert.Equal(whole, StreamName.EncodeValue(whole));

        // echo -n a...a (65) | sha256sum
        Assert.Equal(new string('a', 47) + "~635361c48bb9eab1", StreamName.EncodeValue(new string('a', 65)));
    }

    [Fact]
    public void ACutKeepsEscapesWhole()
    {
        for (int shift = 0; shift < 3; shift++)
        {
            string text = StreamName.EncodeValue(new string('a', shift) + new string('/', 40));
            Assert.InRange(text.Length, 62, 64);
            Assert.Matches("^a*(%2F)+~[0-9a-f]{16}$", text);
        }
    }

    [Fact]
    public void TwoValuesNeverShareAText()
    {
        // Few characters, the ones that mean something to the encoding, so that near misses are common.
        Gen<string> value = Gen.OneOf(
            Gen.OneOf(".", "%", "~", "/", "2", "E", "a", "\ud83d", "\ude00", "\ufffd", "ö", "").List[0, 5].Select(string.Concat),
            Gen.OneOf("a", "/", "\ud83d", "ö", "~").List[0, 70].Select(string.Concat),
            Gen.Char.Array[0, 4].Select(chars => new string(chars)));
        Gen.Select(value, value).Sample((a, b) =>
        {
            string first = StreamName.EncodeValue(a);
            string second = StreamName.EncodeValue(b);
            Assert.Equal(string.Equals(a, b, StringComparison.Ordinal), string.Equals(first, second, StringComparison.Ordinal));
            Assert.InRange(first.Length, 1, StreamName.MaxValueLength);
            Assert.Null(StreamName.Validate(first));
        }, iter: 20_000);
    }

    [Fact]
    public void EveryShortTextOfTheTroublesomeCharactersIsItsOwn()
    {
        string[] characters = ["", ".", "%", "~", "2", "5", "E", "/", "\ud83d", "\ude00"];
        var values = new HashSet<string>(
            from a in characters from b in characters from c in characters from d in characters select a + b + c + d,
            StringComparer.Ordinal);
        Assert.Equal(values.Count, values.Select(v => StreamName.EncodeValue(v)).Distinct(StringComparer.Ordinal).Count());
    }
}
