using System.Collections;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Extensions.Logging.S3Journal.Tests.Support;
using Microsoft.Extensions.Logging;
using Sink.Core;

namespace Extensions.Logging.S3Journal.Tests.Payload;

public sealed class HostileValuesAsJson() : HostileValues(EntryEncoding.Json);

public sealed class HostileValuesAsMessagePack() : HostileValues(EntryEncoding.MessagePack);

public abstract class HostileValues
{
    private static readonly object _itself = MakeItself();

    private readonly EntryEncoding _encoding;
    private readonly Logged _logged;

    protected HostileValues(EntryEncoding encoding)
    {
        _encoding = encoding;
        _logged = new Logged(encoding: encoding);
    }

    public static TheoryData<string, object?, string> Values { get; } = new()
    {
        { "a text that throws", new Hostile.Text(), """ "(Extensions.Logging.S3Journal.Tests.Support.Hostile+Text cannot be read: System.InvalidOperationException)" """ },
        { "no text", new Hostile.NoText(), "\"\"" },
        { "an exception that throws", new Hostile.Error(), """ "(Extensions.Logging.S3Journal.Tests.Support.Hostile+Error cannot be read: System.InvalidOperationException)" """ },
        { "one that throws among others", new object[] { 1, new Hostile.Text(), 2 }, """[1,"(Extensions.Logging.S3Journal.Tests.Support.Hostile+Text cannot be read: System.InvalidOperationException)",2]""" },
        { "a list that holds itself", _itself, $"{new string('[', 10)}\"...\"{new string(']', 10)}" },
        { "NaN", double.NaN, "\"NaN\"" },
        { "infinities", new[] { double.PositiveInfinity, double.NegativeInfinity }, """["Infinity","-Infinity"]""" },
        { "single infinities", new[] { float.PositiveInfinity, float.NaN }, """["Infinity","NaN"]""" },
        { "numbers at their ends", new object[] { double.MaxValue, double.Epsilon, long.MinValue, ulong.MaxValue, -0.0 }, "[1.7976931348623157E+308,5E-324,-9223372036854775808,18446744073709551615,-0]" },
        { "lone surrogates", "a\ud800b\udc00", "\"a\ufffdb\ufffd\"" },
        { "controls", "\0\u001f\u007f\u2028\"\\\n", "\"\\u0000\\u001f\u007f\u2028\\\"\\\\\\n\"" },
        { "a lone surrogate as a letter", '\ud800', "\"\ufffd\"" },
        { "an enumeration", DayOfWeek.Monday, "\"Monday\"" },
        { "an enumeration's flags", AttributeTargets.Class | AttributeTargets.Field, "\"Class, Field\"" },
        { "no member of an enumeration", (DayOfWeek)77, "\"77\"" },
        { "a Guid", new Guid("11223344-5566-7788-99aa-bbccddeeff00"), "\"11223344-5566-7788-99aa-bbccddeeff00\"" },
        { "a date", new DateOnly(2026, 11, 22), "\"2026-11-22\"" },
        { "a time", new TimeOnly(1, 2, 3), "\"01:02:03.0000000\"" },
        { "a span", new TimeSpan(1, 2, 3, 4, 5), "\"1.02:03:04.0050000\"" },
        { "bytes", new byte[] { 1, 2, 255 }, "\"AQL/\"" },
        { "nested arrays", new[] { [1, 2], Array.Empty<int>() }, "[[1,2],[]]" },
        { "an array of two dimensions", new[,] { { 1, 2 }, { 3, 4 } }, "[1,2,3,4]" },
        { "an anonymous object", new { A = 1, B = "x" }, "\"{ A = 1, B = x }\"" },
        { "a formattable of the invariant culture", new Money(1.5m), "\"EUR 1.5\"" },
        { "an address", IPAddress.Loopback, "\"127.0.0.1\"" },
        { "a type", typeof(int), "\"System.Int32\"" },
        { "a dictionary", new Dictionary<string, object?> { ["a"] = 1, ["@b"] = null, [""] = new[] { "c" } }, """{"a":1,"@b":null,"":["c"]}""" },
        { "keys of another kind", new Dictionary<int, string> { [1] = "a" }, """{"1":"a"}""" },
        { "keys with one text", new Dictionary<Hostile.Key, int> { [new()] = 1, [new()] = 2 }, """{"same":1}""" },
        { "pairs with one name", new KeyValuePair<string, object?>[] { new("a", 1), new("a", 2), new(null!, 3), new("", 4), new("\ud800", 5), new("\udfff", 6) }, """{"a":1,"":3,"�":5}""" },
        { "a key that throws", new Hashtable { [new Hostile.Text()] = 1 }, """{"(Extensions.Logging.S3Journal.Tests.Support.Hostile+Text cannot be read: System.InvalidOperationException)":1}""" },
        { "a key that is null", new Hostile.NullKeyed(), """{"":1}""" },
        { "pairs that are no dictionary", new KeyValuePair<string, int>[] { new("a", 1) }, """["[a, 1]"]""" },
    };

    [Theory]
    [MemberData(nameof(Values), DisableDiscoveryEnumeration = true)]
    public void AValueIsWellFormed(string which, object? value, string expected)
    {
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");

        string actual = Logged.Value(value, _encoding).GetRawText();

        Assert.True(expected.Trim() == actual, $"{which}: {actual}");
    }

    [Fact]
    public void DecimalsKeepTheirDigits()
    {
        string value = Logged.Value(new[] { decimal.MinValue, 1.500m }, _encoding).GetRawText();

        Assert.Equal(_encoding == EntryEncoding.Json ? "[-79228162514264337593543950335,1.500]" : """["-79228162514264337593543950335","1.500"]""", value);
    }

    [Fact]
    public void ACollectionThatThrowsMidwayIsATextThatSaysSo()
        => Assert.EndsWith(" cannot be read: System.InvalidOperationException)", Logged.Value(Hostile.ThrowsMidway(), _encoding).GetString(), StringComparison.Ordinal);

    [Fact]
    public void ACollectionWithoutEndIsCutAndSaysSo()
    {
        JsonElement value = Logged.Value(Hostile.Endless(), _encoding);

        Assert.Equal(10_001, value.GetArrayLength());
        Assert.Equal("...", value[10_000].GetString());
    }

    [Fact]
    public void ADictionaryWithoutEndIsCutAndSaysSo()
    {
        JsonElement value = Logged.Value(Hostile.EndlessPairs(), _encoding);

        Assert.Equal(10_001, value.GetPropertyCount());
        Assert.True(value.GetProperty("...").GetBoolean());
    }

    [Fact]
    public void ADictionaryThatHoldsItselfIsCutAndSaysSo()
    {
        Dictionary<string, object?> dictionary = [];
        dictionary["itself"] = dictionary;

        JsonElement value = Logged.Value(dictionary, _encoding);
        for (int depth = 0; depth < 10; depth++)
        {
            value = value.GetProperty("itself");
        }

        Assert.Equal("...", value.GetString());
    }

    [Fact]
    public void ATreeThatHoldsItselfTwiceAtEachLevelIsCutAsAWhole()
    {
        List<object> tree = [];
        tree.AddRange([tree, tree, tree, tree, tree, tree, tree, tree]);

        Assert.InRange(Logged.Value(tree, _encoding).GetRawText().Length, 10_000, 200_000);
    }

    [Fact]
    public void AnEntryOfEndlessBigValuesTakesNoMoreMemoryThanTheJournalTakes()
    {
        Logged logged = new(maxEntryBytes: 100_000, encoding: _encoding);
        string big = new('b', 40_000);
        int asked = 0;
        IEnumerable<string> Big()
        {
            while (true)
            {
                asked++;
                yield return big;
            }
        }

        logged.LogState(new KeyValuePair<string, object?>[] { new("A", Big()), new("B", big), new("{OriginalFormat}", "x") });

        Assert.InRange(asked, 3, 4);
        Assert.True(logged.Entry.GetProperty("truncated").GetBoolean());
    }

    [Fact]
    public void AStateWithoutEndIsCutAndSaysSo()
    {
        _logged.LogState(Hostile.EndlessPairs());

        Assert.Equal(10_000, _logged.Entry.EnumerateObject().Count(static p => p.Name.StartsWith('N')));
        Assert.True(_logged.Entry.GetProperty("...").GetBoolean());
    }

    [Fact]
    public void AScopeWithoutEndIsCutAndSaysSo()
    {
        using (_logged.Logger.BeginScope(new Hostile.Pairs(() => int.MaxValue, i => new($"N{i}", i))))
        using (_logged.Logger.BeginScope(Hostile.EndlessPairs()))
        {
            _logged.Logger.LogInformation("{N}", 1);
        }

        Assert.True(_logged.Entry.GetProperty("...").GetBoolean());
        Assert.Equal(1, _logged.Entry.GetProperty("N").GetInt32());
    }

    [Fact]
    public void NamesThatAreNullOrLoneSurrogatesStandOnce()
    {
        using (_logged.Logger.BeginScope(new KeyValuePair<string, object?>(null!, "outer")))
        using (_logged.Logger.BeginScope(new KeyValuePair<string, object?>[] { new("\ud800x", 1), new("\udfffx", 2), new("😀", 3) }))
        {
            _logged.LogState(new KeyValuePair<string, object?>[] { new(null!, "state"), new("\udbffx", 4) });
        }

        Assert.EndsWith(""","":"state","�x":4,"😀":3}""", _logged.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void ANullStateIsAnEntry()
    {
        _logged.Logger.Log<object?>(LogLevel.Information, default, null, null, static (state, _) => $"null: {state is null}");

        Assert.Equal("null: True", _logged.Entry.GetProperty("@m").GetString());
    }

    [Fact]
    public void ANullCategoryIsAnEmptyOne()
    {
        Logged logged = new(category: "", encoding: _encoding);

        logged.Logger.LogInformation("x");

        Assert.Equal("", logged.Entry.GetProperty("SourceContext").GetString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void OfAStateWhoseIndexerThrowsTheValuesBeforeAreKept(bool isStruct)
    {
        static KeyValuePair<string, object?> At(int index) => index == 0 ? new("Before", 1) : throw new InvalidOperationException("no such index");

        if (isStruct)
        {
            _logged.LogState(new Hostile.StructPairs(static () => 2, At));
        }
        else
        {
            _logged.LogState(new Hostile.Pairs(static () => 2, At));
        }

        JsonElement entry = _logged.Entry;
        Assert.Equal(1, entry.GetProperty("Before").GetInt32());
        Assert.Equal("said", entry.GetProperty("@m").GetString());
        Assert.EndsWith(" cannot be read: System.InvalidOperationException)", Assert.Single(entry.GetProperty("Scope").EnumerateArray()).GetString(), StringComparison.Ordinal);
        Assert.Empty(_logged.Failures);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AStateWhoseCountThrowsIsAnEntry(bool isStruct)
    {
        static int Count() => throw new InvalidOperationException("no count");

        if (isStruct)
        {
            _logged.LogState(new Hostile.StructPairs(Count, static _ => default));
        }
        else
        {
            _logged.LogState(new Hostile.Pairs(Count, static _ => default));
        }

        Assert.Equal("said", _logged.Entry.GetProperty("@m").GetString());
        Assert.Empty(_logged.Failures);
    }

    [Fact]
    public void AStateWithANegativeCountHasNoValues()
    {
        _logged.LogState(new Hostile.Pairs(static () => -1, static _ => new("never", 1)));

        Assert.EndsWith(""","@m":"said","SourceContext":"Shop.Orders"}""", _logged.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void OfAScopeThatThrowsMidwayTheValuesBeforeAreKeptAndTheOtherScopes()
    {
        using (_logged.Logger.BeginScope("{A}", "outer"))
        using (_logged.Logger.BeginScope(Hostile.PairsThatThrowMidway()))
        using (_logged.Logger.BeginScope(new Hostile.Text()))
        using (_logged.Logger.BeginScope("{B}", "inner"))
        {
            _logged.Logger.LogInformation("x");
        }

        JsonElement entry = _logged.Entry;
        Assert.Equal(["outer", "inner"], new[] { "A", "B" }.Select(name => entry.GetProperty(name).GetString()));
        Assert.Equal(1, entry.GetProperty("Before").GetInt32());
        Assert.Equal(2, entry.GetProperty("Scope").GetArrayLength());
        Assert.Empty(_logged.Failures);
    }

    [Fact]
    public void ScopesThatCannotBeEnumeratedDoNotCostTheEntry()
    {
        _logged.Scopes = new ThrowingScopes();

        _logged.Logger.LogInformation("{A}", 1);

        Assert.Equal(1, _logged.Entry.GetProperty("A").GetInt32());
        Assert.Empty(_logged.Failures);
    }

    [Fact]
    public void AnExceptionWithoutATextIsNamed()
    {
        _logged.Logger.LogError(new Hostile.Error(), "x");

        Assert.Equal("(Extensions.Logging.S3Journal.Tests.Support.Hostile+Error cannot be read: System.InvalidOperationException)", _logged.Entry.GetProperty("@x").GetString());
        Assert.Empty(_logged.Failures);
    }

    [Fact]
    public void AFormatterThatThrowsLeavesAMessageThatSaysSo()
    {
        _logged.Logger.Log(LogLevel.Information, default, 1, null, static (_, _) => throw new FormatException());
        _logged.Logger.Log(LogLevel.Information, default, 1, null, static (_, _) => null!);
        _logged.Logger.Log(LogLevel.Information, default, 1, null, null!);

        Assert.Equal(3, _logged.Journal.Entries.Count);
        string[] messages = [.. _logged.Journal.Entries.Select(static e => Logged.Parse(e.Payload).GetProperty("@m").GetString()!)];
        Assert.EndsWith(" cannot be read: System.FormatException)", messages[0], StringComparison.Ordinal);
        Assert.Equal("", messages[1]);
        Assert.EndsWith(" cannot be read: System.NullReferenceException)", messages[2], StringComparison.Ordinal);
        Assert.Empty(_logged.Failures);
    }

    [Fact]
    public void AValueWhoseTextLogsIntoTheSameLoggerLeavesBothEntriesWhole()
    {
        Hostile.Acting value = new(() =>
        {
            using (_logged.Logger.BeginScope("{Inner}", 1))
            {
                _logged.Logger.LogInformation("inner {A}", "a");
            }

            return "told";
        });

        _logged.LogState(new KeyValuePair<string, object?>[] { new("Before", "b"), new("V", value), new("After", new[] { "c" }), new("{OriginalFormat}", "outer") });

        string[] entries = [.. _logged.Journal.Entries.Select(static e => e.Payload)];
        Assert.Equal(2, entries.Length);
        Assert.EndsWith(""","@mt":"inner {A}","SourceContext":"Shop.Orders","A":"a","Inner":1}""", entries[0], StringComparison.Ordinal);
        Assert.EndsWith(""","@mt":"outer","SourceContext":"Shop.Orders","Before":"b","V":"told","After":["c"]}""", entries[1], StringComparison.Ordinal);
    }

    [Fact]
    public void AValueWhoseTextLogsItselfEndsWithAnEntryRefusedAndNotWithTheProcess()
    {
        Hostile.Acting? value = null;
        value = new Hostile.Acting(() =>
        {
            _logged.LogState(new KeyValuePair<string, object?>[] { new("V", value), new("{OriginalFormat}", "x") });
            return "told";
        });

        Thread thread = new(() => _ = value.ToString(), maxStackSize: 512 * 1024);
        thread.Start();
        thread.Join();

        Assert.NotEmpty(_logged.Journal.Entries);
        Assert.All(_logged.Journal.Entries, static e => Assert.Equal("told", Logged.Parse(e.Payload).GetProperty("V").GetString()));
        Assert.Equal(1, _logged.FrontEndFailures.Refused);
        Assert.IsType<InsufficientExecutionStackException>(_logged.Failures.First().Exception);
    }

    [Fact]
    public void BufferedRecordsThatThrowCostNoOtherAndNothingIsThrown()
    {
        _logged.Logger.LogRecords([new BadRecord(), null!, new BadRecord()]);
        _logged.Logger.LogRecords(null!);

        Assert.Equal(4, _logged.FrontEndFailures.Refused);
    }

    private static List<object> MakeItself()
    {
        List<object> list = [];
        list.Add(list);
        return list;
    }

    private sealed class BadRecord : Microsoft.Extensions.Logging.Abstractions.BufferedLogRecord
    {
        public override DateTimeOffset Timestamp => throw new InvalidOperationException("no time");

        public override LogLevel LogLevel => LogLevel.Information;

        public override EventId EventId => default;
    }

    private sealed class ThrowingScopes : IExternalScopeProvider
    {
        public void ForEachScope<TState>(Action<object?, TState> callback, TState state) => throw new Hostile.Error();

        public IDisposable Push(object? state) => throw new Hostile.Error();
    }

    private sealed record Money(decimal Amount) : IFormattable
    {
        public string ToString(string? format, IFormatProvider? formatProvider) => string.Create(formatProvider, $"EUR {Amount}");

        public override string ToString() => ToString(null, CultureInfo.CurrentCulture);
    }
}
