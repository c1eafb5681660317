using CsCheck;
using Serilog.Events;
using Serilog.Sinks.S3Journal.Routing;
using Serilog.Sinks.S3Journal.Tests.Support;
using Sink.Core;

namespace Serilog.Sinks.S3Journal.Tests.Routing;

public class StreamTemplateTests
{
    [Fact]
    public void WithoutATemplateTheStreamIsTheProgramsName()
        => Assert.Equal("Serilog.Sinks.S3Journal.Tests", StreamTemplate.Parse(null).ConstantName);

    [Theory]
    [InlineData("My App (x86)", "My-App--x86-")]
    [InlineData("..a..b..", "a.b")]
    [InlineData("a...b", "a.b")]
    [InlineData("Größe", "Gr--e")]
    [InlineData("..", "app")]
    [InlineData(null, "app")]
    public void TheProgramsNameIsCleanedForAKey(string? name, string expected) => Assert.Equal(expected, ProgramName.Clean(name));

    [Theory]
    [InlineData("orders", "orders")]
    [InlineData("orders/api", "orders/api")]
    [InlineData("{App}/{Level}", "shop/Warning")]
    [InlineData("logs/{App}.{Level}-x", "logs/shop.Warning-x")]
    [InlineData("{App}{App}", "shopshop")]
    [InlineData("{Missing}/{Null}/{Structure}", "_/_/_")]
    [InlineData("{Slash}", "a%2Fb%2F..")]
    [InlineData("{Parent}/x", "%2E%2E/x")]
    [InlineData(".{Dot}", ".%2E")]
    [InlineData("{Empty}", "%")]
    [InlineData("{Ratio}", "0.5")]
    [InlineData("{Count}", "-42")]
    [InlineData("{Ok}", "True")]
    [InlineData("{Kind}", "Friday")]
    [InlineData("{Day}", "2026-01-02")]
    [InlineData("{Text}", "Gr%C3%B6%C3%9Fe%20%7B%7D")]
    [InlineData("{Id}", "b1a5b1a5-0000-4000-8000-000000000001")]
    public void TokensAreFilledFromTheEvent(string template, string expected)
    {
        System.Globalization.CultureInfo.CurrentCulture = System.Globalization.CultureInfo.GetCultureInfo("de-DE");
        LogEvent logEvent = Some.Event(
            LogEventLevel.Warning,
            "x",
            ("App", "shop"), ("Level", "mine"), ("Null", null), ("Structure", new StructureValue([])), ("Slash", "a/b/.."), ("Parent", ".."), ("Dot", "."), ("Empty", ""),
            ("Ratio", 0.5), ("Count", -42), ("Ok", true), ("Kind", DayOfWeek.Friday), ("Day", new DateOnly(2026, 1, 2)), ("Text", "Größe {}"),
            ("Id", Guid.Parse("b1a5b1a5-0000-4000-8000-000000000001")));

        Assert.Equal(expected, StreamTemplate.Parse(template).Render(logEvent));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("/a", "empty segment")]
    [InlineData("a/", "empty segment")]
    [InlineData("a//{B}", "empty segment")]
    [InlineData("../a", "segment")]
    [InlineData("a/./b", "segment")]
    [InlineData("a\\b", "backslash")]
    [InlineData("a\nb", "control")]
    [InlineData("{", "character 1 has no partner")]
    [InlineData("a}", "character 2 has no partner")]
    [InlineData("{A", "no partner")]
    [InlineData("{{A}}", "not a token")]
    [InlineData("{}", "not a token")]
    [InlineData("{A:x}", "without format")]
    [InlineData("{A,3}", "without format")]
    [InlineData("{@A}", "not a token")]
    [InlineData("{A B}", "not a token")]
    [InlineData("{A}/{B}/{C}/{D}", "259 bytes")]
    public void AMistakeInATemplateIsToldAtConfiguration(string template, string expected)
    {
        JournalException exception = Assert.Throws<JournalException>(() => StreamTemplate.Parse(template));

        Assert.True(exception.IsConfiguration);
        Assert.Contains(expected, exception.Message);
    }

    [Fact]
    public void HalfACharacterIsAMistake()
    {
        Assert.Throws<JournalException>(() => StreamTemplate.Parse("a\ud800"));
        Assert.Throws<JournalException>(() => StreamTemplate.Parse("\ude00a"));
        Assert.Equal("a😀", StreamTemplate.Parse("a😀").ConstantName);
    }

    [Fact]
    public void EqualKeysMeanEqualNamesForAnyValues()
    {
        StreamTemplate template = StreamTemplate.Parse("{A}-{B}/{Level}");
        Gen<object?> value = Gen.OneOf<object?>(
            Gen.Const((object?)null), Gen.OneOf("", "a", "-", "_", "\0", "\u0001", "a-", "\uffff").Array[0, 3].Select(a => (object?)string.Concat(a)), Gen.Int[0, 3].Select(i => (object?)i));
        Gen<LogEvent> logEvent = Gen.Select(value, value, Gen.Int[0, 1], (a, b, level) => Some.Event((LogEventLevel)level, "x", ("A", a), ("B", b)));

        // "-" between the values may make names meet; keys never do unless the names are the same.
        Gen.Select(logEvent, logEvent).Sample((left, right) =>
            Key(template, left) != Key(template, right) || template.Render(left) == template.Render(right));
    }

    [Fact]
    public void ValuesTooLongForAKeyHaveNone()
        => Assert.False(StreamTemplate.Parse("{A}/{B}").TryWriteKey(Some.Event("x", ("A", new string('a', 10)), ("B", 1)), new char[11], out _));

    private static string Key(StreamTemplate template, LogEvent logEvent)
    {
        char[] buffer = new char[64];
        Assert.True(template.TryWriteKey(logEvent, buffer, out int written));
        return new string(buffer, 0, written);
    }
}
