using System.Collections;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Exporter.S3Journal.Otlp;
using OpenTelemetry.Exporter.S3Journal.Tests.Proto;
using OpenTelemetry.Exporter.S3Journal.Tests.Support;

namespace OpenTelemetry.Exporter.S3Journal.Tests.Otlp;

/// <summary>Values that throw, have no end, log or hold themselves cost no more than themselves, where the OTLP exporter may lose the whole batch.</summary>
public sealed class HostileValueTests
{
    private static readonly Dictionary<string, Func<object>> _values = new()
    {
        ["text throws what means a full buffer"] = static () => new Throws(new ArgumentException("x")),
        ["text throws out of range"] = static () => new Throws(new IndexOutOfRangeException()),
        ["text throws out of memory"] = static () => new Throws(new OutOfMemoryException()),
        ["array of what throws"] = static () => new object[] { 1, new Throws(new ArgumentException("x")) },
        ["pairs throw what means a full buffer"] = static () => Failing(new ArgumentException("x")),
        ["pairs without end"] = static () => Endless(static i => i),
        ["pairs without end that cannot be written"] = static () => Endless(static _ => new Throws(new NotSupportedException())),
        ["maps of maps without end"] = static () => Endless(static _ => Endless(static _ => new Throws(new NotSupportedException()))),
        ["texts without end"] = static () => EndlessTexts(),
        ["entries without end"] = static () => new EndlessDictionary(),
        ["list that counts wrongly"] = static () => new WrongList(),
        ["span formattable that lies"] = static () => new Liar(),
    };

    public static TheoryData<string> HostileValues => [.. _values.Keys];

    [Theory]
    [MemberData(nameof(HostileValues))]
    public void AValueCostsNoMoreThanItself(string value)
    {
        foreach (OtlpEncoder encoder in (OtlpEncoder[])[OtlpEncoder.Protobuf, OtlpEncoder.Json])
        {
            // So large that only a value's own bounds end it.
            LogRecord record = Parse(encoder, Pipe.Log(encoder, OtlpLimits.Default with { MaxEntryBytes = int.MaxValue }, logger => logger.Log(
                LogLevel.Information, default, new KeyValuePair<string, object?>[] { new("before", 1), new(value, _values[value]()), new("after", 2) }, null, static (_, _) => "text")));
            Assert.Equal(["before", "after"], record.Attributes.Select(static attribute => attribute.Key));
            Assert.Equal(1u, record.DroppedAttributesCount);
            Assert.Equal("text", record.Body.StringValue);
        }
    }

    [Fact]
    public void AnExceptionThatThrowsCostsItsAttributes()
    {
        LogRecord record = Parse(OtlpEncoder.Json, Pipe.Log(OtlpEncoder.Json, OtlpLimits.Default, static logger => logger.LogError(new ThrowingException(), "failed {What}", "it")));
        Assert.Equal(["exception.type", "What", "{OriginalFormat}"], record.Attributes.Select(static attribute => attribute.Key));
        Assert.Equal(2u, record.DroppedAttributesCount);
    }

    [Fact]
    public void ScopesThatThrowOrHaveNoEndCostNoMoreThanThemselves()
    {
        LogRecord record = Parse(OtlpEncoder.Json, Pipe.Log(OtlpEncoder.Json, OtlpLimits.Default, static logger =>
        {
            using (logger.BeginScope(Failing(new ArgumentException("x"))))
            using (logger.BeginScope(new WrongList()))
            using (logger.BeginScope(Endless(static _ => new Throws(new NotSupportedException()))))
            using (logger.BeginScope(new Dictionary<string, object?> { ["Tenant"] = "acme" }))
            {
                logger.LogInformation("x");
            }
        }));
        Assert.Equal(["{OriginalFormat}", "a", "Tenant"], record.Attributes.Select(static attribute => attribute.Key));
        Assert.True(record.DroppedAttributesCount > 0);
    }

    [Fact]
    public void AValueThatLogsIsWrittenAndSoIsItsRecord()
    {
        List<string> bodies = [];
        ILogger? inner = null;
        Pipe.Log(
            record => bodies.Add(Parse(OtlpEncoder.Json, Some.Written(output => OtlpEncoder.Json.WriteLog(record, OtlpLimits.Default, output))).Body.StringValue),
            logger =>
            {
                inner = logger;
                logger.Log(LogLevel.Information, default, new KeyValuePair<string, object?>[] { new("a", new Logs(() => inner)), new("b", 2) }, null, static (_, _) => "outer");
            });
        Assert.Equal(["inner", "outer"], bodies);
    }

    [Fact]
    public void AnInterruptOfTheThreadGoesOn()
    {
        Activity activity = Pipe.Span("x", static activity => activity.SetTag("a", new Throws(new ThreadInterruptedException())));
        Assert.Throws<ThreadInterruptedException>(() => Some.Written(output => OtlpEncoder.Json.WriteSpan(activity, OtlpLimits.Default, output)));
        Pipe.Log(
            static record => Assert.Throws<ThreadInterruptedException>(() => Some.Written(output => OtlpEncoder.Json.WriteLog(record, OtlpLimits.Default, output))),
            static logger => logger.LogInformation("{A}", new Throws(new ThreadInterruptedException(), "the message's")));
    }

    [Fact]
    public void ARecordTooLargeIsWrittenNoFurther()
    {
        OtlpLimits limits = OtlpLimits.Default with { MaxEntryBytes = 10_000, LogAttributeCount = int.MaxValue };
        foreach (OtlpEncoder encoder in (OtlpEncoder[])[OtlpEncoder.Protobuf, OtlpEncoder.Json])
        {
            byte[] many = Pipe.Log(encoder, limits, static logger => logger.Log(
                LogLevel.Information, default, Enumerable.Range(0, 50_000).Select(static i => KeyValuePair.Create<string, object?>($"k{i}", i)).ToArray(), null, static (_, _) => "text"));
            Assert.InRange(many.Length, 10_001, 10_500);
            Parse(encoder, many);

            byte[] map = Pipe.Log(encoder, limits, static logger => logger.Log(
                LogLevel.Information, default, new KeyValuePair<string, object?>[] { new("map", Enumerable.Range(0, 50_000).ToDictionary(static i => $"k{i}", static i => (object?)i)) }, null, static (_, _) => "text"));
            Assert.InRange(map.Length, 10_001, 10_500);
            Parse(encoder, map);
        }
    }

    [Fact]
    public void TextsTooLargeAreWrittenNoFurther()
    {
        OtlpLimits limits = OtlpLimits.Default with { MaxEntryBytes = 10_000 };
        string text = new('x', 50_000_000);
        foreach (OtlpEncoder encoder in (OtlpEncoder[])[OtlpEncoder.Protobuf, OtlpEncoder.Json])
        {
            foreach (object value in (object[])[text, new byte[50_000_000], new[] { text }, new Dictionary<string, object?> { ["a"] = text, ["b"] = text }])
            {
                byte[] written = Pipe.Log(encoder, limits, logger => logger.Log(LogLevel.Information, default, new KeyValuePair<string, object?>[] { new("a", value), new("b", value) }, null, static (_, _) => "text"));
                Assert.InRange(written.Length, 10_001, 15_000);
                Parse(encoder, written);
            }

            byte[] body = Pipe.Log(encoder, limits, logger => logger.Log(LogLevel.Information, default, new KeyValuePair<string, object?>[] { new("a", 1) }, null, (_, _) => text));
            Assert.InRange(body.Length, 10_001, 15_000);
            Parse(encoder, body);
        }
    }

    private static LogRecord Parse(OtlpEncoder encoder, byte[] written)
        => Assert.Single((encoder == OtlpEncoder.Json ? OtlpJson.Parse<ScopeLogs>(written) : ScopeLogs.Parser.ParseFrom(written)).LogRecords);

    private static IEnumerable<KeyValuePair<string, object?>> Failing(Exception exception)
    {
        yield return new("a", 1);
        throw exception;
    }

    private static IEnumerable<KeyValuePair<string, object?>> Endless(Func<int, object?> value)
    {
        for (int i = 0; ; i++)
        {
            yield return new("k", value(i));
        }
    }

    private static IEnumerable<KeyValuePair<string, string?>> EndlessTexts()
    {
        while (true)
        {
            yield return new("", null);
        }
    }

    private sealed class Throws(Exception exception, string? first = null) : IFormattable
    {
        private string? _first = first;

        public override string ToString() => ToString(null, null);

        public string ToString(string? format, IFormatProvider? formatProvider) => Interlocked.Exchange(ref _first, null) ?? throw exception;
    }

    private sealed class ThrowingException : Exception
    {
        public override string Message => throw new NotSupportedException();

        public override string ToString() => throw new ArgumentException("x");
    }

    private sealed class Logs(Func<ILogger?> logger)
    {
        public override string ToString()
        {
            logger()!.LogInformation("inner");
            return "logged";
        }
    }

    private sealed class Liar : ISpanFormattable
    {
        public string ToString(string? format, IFormatProvider? formatProvider) => throw new NotSupportedException();

        public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
        {
            charsWritten = int.MaxValue;
            return true;
        }
    }

    private sealed class WrongList : IReadOnlyList<KeyValuePair<string, object?>>
    {
        public int Count => 5;

        public KeyValuePair<string, object?> this[int index] => throw new ArgumentOutOfRangeException(nameof(index));

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => throw new NotSupportedException();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    /// <summary>Of which only the enumeration matters.</summary>
    private sealed class EndlessDictionary : Hashtable
    {
        public override IDictionaryEnumerator GetEnumerator() => new Entries();

        private sealed class Entries : IDictionaryEnumerator
        {
            public DictionaryEntry Entry => new(1, null);

            public object Key => 1;

            public object? Value => null;

            public object Current => Entry;

            public bool MoveNext() => true;

            public void Reset()
            {
            }
        }
    }
}
