using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Numerics;
using OpenTelemetry.Exporter.S3Journal.Tests.Proto;
using OpenTelemetry.Exporter.S3Journal.Tests.Support;

namespace OpenTelemetry.Exporter.S3Journal.Tests.Otlp;

/// <summary>Every kind of value, as the OTLP exporter sends it.</summary>
public sealed class AttributeKindTests
{
    private static readonly DateTime _time = new(2026, 3, 4, 5, 6, 7, 89, DateTimeKind.Utc);

    /// <summary>What each writes for itself. The values are made for each test, for some can be read once only.</summary>
    private static readonly Dictionary<string, Func<object?>> _kinds = new()
    {
        ["null"] = static () => null,
        ["empty text"] = static () => "",
        ["true"] = static () => true,
        ["false"] = static () => false,
        ["letter"] = static () => 'é',
        ["lone surrogate"] = static () => '\ud800',
        ["byte"] = static () => byte.MaxValue,
        ["sbyte"] = static () => sbyte.MinValue,
        ["short"] = static () => short.MinValue,
        ["ushort"] = static () => ushort.MaxValue,
        ["int"] = static () => int.MinValue,
        ["uint"] = static () => uint.MaxValue,
        ["long"] = static () => long.MinValue,
        ["ulong"] = static () => ulong.MaxValue,
        ["nint"] = static () => (nint)(-5),
        ["nuint"] = static () => (nuint)5,
        ["zero"] = static () => 0,
        ["Int128"] = static () => Int128.MinValue,
        ["BigInteger"] = static () => BigInteger.Pow(7, 200),
        ["double"] = static () => 0.1,
        ["double, large"] = static () => double.MaxValue,
        ["double, tiny"] = static () => double.Epsilon,
        ["double, whole"] = static () => 1e15,
        ["minus zero"] = static () => -0.0,
        ["NaN"] = static () => double.NaN,
        ["infinity"] = static () => double.PositiveInfinity,
        ["minus infinity"] = static () => double.NegativeInfinity,
        ["float"] = static () => 0.1f,
        ["float NaN"] = static () => float.NaN,
        ["Half"] = static () => (Half)0.5,
        ["decimal"] = static () => -79228162514264337593543950335m,
        ["Guid"] = static () => Guid.Parse("b1a5b1a5-0000-4000-8000-000000000001"),
        ["DateTime"] = static () => _time,
        ["DateTimeOffset"] = static () => new DateTimeOffset(_time.Ticks, TimeSpan.FromHours(-3.5)),
        ["TimeSpan"] = static () => TimeSpan.FromTicks(-1234567890123),
        ["DateOnly"] = static () => new DateOnly(2026, 3, 4),
        ["TimeOnly"] = static () => new TimeOnly(5, 6, 7),
        ["enumeration"] = static () => DayOfWeek.Friday,
        ["enumeration, without a name"] = static () => (DayOfWeek)77,
        ["flags"] = static () => NumberStyles.Currency,
        ["Uri"] = static () => new Uri("https://example.com/a b?c=ü"),
        ["address"] = static () => IPAddress.Parse("2001:db8::1"),
        ["version"] = static () => new Version(1, 2, 3),
        ["type"] = static () => typeof(List<int>),
        ["record"] = static () => new Point(1, "two"),
        ["long text of its own"] = static () => new LongText(),
        ["culture"] = static () => new ByCulture(),
        ["text that is null"] = static () => new WithoutText(),
        ["byte[]"] = static () => new byte[] { 0, 1, 254, 255 },
        ["byte[], empty"] = static () => Array.Empty<byte>(),
        ["ReadOnlyMemory"] = static () => new ReadOnlyMemory<byte>([1, 2]),
        ["string[]"] = static () => new[] { "a", null, "", "ü\ud800" },
        ["string[], empty"] = static () => Array.Empty<string>(),
        ["bool[]"] = static () => new[] { true, false },
        ["char[]"] = static () => new[] { 'a', '\ud83d', '\ude00' },
        ["sbyte[]"] = static () => new sbyte[] { -1, 0, 1 },
        ["short[]"] = static () => new short[] { short.MinValue, 1 },
        ["ushort[]"] = static () => new ushort[] { ushort.MaxValue, 1 },
        ["int[]"] = static () => new[] { int.MinValue, 0, int.MaxValue },
        ["uint[]"] = static () => new[] { uint.MaxValue, 0u },
        ["long[]"] = static () => new[] { long.MinValue, 0, long.MaxValue },
        ["ulong[]"] = static () => new[] { ulong.MaxValue, 0ul },
        ["nint[]"] = static () => new nint[] { -1, 1 },
        ["nuint[]"] = static () => new nuint[] { 1, 2 },
        ["float[]"] = static () => new[] { 0.1f, float.NaN },
        ["double[]"] = static () => new[] { 0.1, double.NegativeInfinity, -0.0 },
        ["decimal[]"] = static () => new[] { 1.50m, decimal.MinValue },
        ["Guid[]"] = static () => new[] { Guid.Empty },
        ["DateTime[]"] = static () => new[] { _time, DateTime.MinValue },
        ["DateTimeOffset[]"] = static () => new[] { new DateTimeOffset(_time) },
        ["TimeSpan[]"] = static () => new[] { TimeSpan.MinValue },
        ["DayOfWeek[]"] = static () => new[] { DayOfWeek.Friday, (DayOfWeek)(-1) },
        ["byte enumeration[]"] = static () => new[] { Small.A, Small.B },
        ["uint enumeration[]"] = static () => new[] { Large.A },
        ["ulong enumeration[]"] = static () => new[] { Huge.A },
        ["int?[]"] = static () => new int?[] { 1, null },
        ["DateOnly[]"] = static () => new[] { new DateOnly(2026, 3, 4) },
        ["object[]"] = static () => new object?[]
        {
            null, "text", 1, 2L, true, 0.5, 0.5f, 'x', (byte)1, (sbyte)-1, (short)-2, (ushort)2, 3u, 4ul, 5m, _time, Guid.Empty, DayOfWeek.Friday, new[] { 1 },
            new byte[] { 1 }, new Dictionary<string, object?> { ["a"] = 1 }, new WithoutText(), new Point(1, "x"),
        },
        ["IComparable[]"] = static () => new IComparable[] { 1, "two", 3.5 },
        ["array of arrays"] = static () => new[] { new[] { 1 }, new[] { 2 } },
        ["two dimensions"] = static () => new[,] { { 1, 2 }, { 3, 4 } },
        ["two dimensions, empty"] = static () => new int[0, 5],
        ["from one"] = static () => Array.CreateInstance(typeof(int), [3], [1]),
        ["list of numbers"] = static () => new List<int> { 1, 2 },
        ["list of texts"] = static () => new List<string> { "a" },
        ["immutable array"] = static () => ImmutableArray.Create(1, 2),
        ["map"] = static () => new Dictionary<string, object?> { ["a"] = 1, ["b"] = null, ["c"] = new[] { 1, 2 }, ["d"] = new byte[] { 1 }, ["e"] = 5ul },
        ["map, empty"] = static () => new Dictionary<string, object?>(),
        ["pairs"] = static () => new KeyValuePair<string, object?>[] { new("a", 1), new("a", 2), new("", 3) },
        ["pairs in a list"] = static () => new List<KeyValuePair<string, object?>> { new("a", 1) },
        ["pairs, once"] = static () => Enumerable.Range(0, 3).Select(static i => KeyValuePair.Create<string, object?>($"k{i}", i)),
        ["map of texts"] = static () => new Dictionary<string, string?> { ["a"] = "x", ["b"] = null },
        ["map of numbers"] = static () => new Dictionary<string, int> { ["a"] = 1 },
        ["map by numbers"] = static () => new Dictionary<int, object> { [1] = "a", [-2] = 2.5 },
        ["map by enumeration"] = static () => new Hashtable { [DayOfWeek.Friday] = 1 },
        ["map by what has no text"] = static () => new Hashtable { [new WithoutText()] = 1 },
        ["sorted map"] = static () => new SortedDictionary<string, object?> { ["b"] = 1, ["a"] = 2 },
        ["map of what throws"] = static () => new Dictionary<string, object?> { ["a"] = 1, ["b"] = new Throws(), ["c"] = new WithoutText(), ["d"] = 2 },
        ["maps, deep"] = static () => Deep(6),
        ["map that holds itself"] = static () => Cycle(),
        ["a pair"] = static () => KeyValuePair.Create("a", 1),
        ["throws"] = static () => new Throws(),
        ["array of what throws"] = static () => new object[] { 1, new Throws() },
        ["pairs that throw"] = static () => Failing(),
        ["map of pairs that throw"] = static () => new Dictionary<string, object?> { ["a"] = Failing(), ["b"] = 1 },
    };

    public static TheoryData<string> Kinds => [.. _kinds.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void AKindIsWrittenAsTheExporterDoes(string kind)
    {
        using LogPipeline logs = new();
        LogRecord record = logs.LogAttributes(new("before", 1), new(kind, _kinds[kind]()), new("after", 2)).AreTheSame().FromJson.LogRecords[0];
        Assert.Equal(3, record.Attributes.Count + (int)record.DroppedAttributesCount);

        using SpanPipeline spans = new();
        spans.Span(activity => activity.SetTag("before", 1).SetTag(kind, _kinds[kind]()).SetTag("after", 2)).AreTheSame();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void AKindIsCutAsTheExporterDoes(string kind)
    {
        using LogPipeline logs = new(null, ("OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT", "2"));
        logs.LogAttributes(new(kind, _kinds[kind]()), new("\U0001F600 text", "a\U0001F600")).AreTheSame();
    }

    [Fact]
    public void AnArrayTooLargeForTheExporterIsTheSameText()
    {
        using LogPipeline logs = new();
        Encoded<ScopeLogs> encoded = logs.LogAttributes(new("large", Enumerable.Range(0, 1_000_000).Select(static i => 1L << 40).ToArray()), new("after", 2));
        Assert.Equal("TRUNCATED", encoded.AreTheSame().FromJson.LogRecords[0].Attributes[0].Value.StringValue);
    }

    private static Dictionary<string, object?> Deep(int depth) => new() { ["text"] = "x", ["map"] = depth == 0 ? null : Deep(depth - 1) };

    private static Dictionary<string, object?> Cycle()
    {
        Dictionary<string, object?> map = [];
        map["self"] = map;
        return map;
    }

    private static IEnumerable<KeyValuePair<string, object?>> Failing()
    {
        yield return new("a", 1);
        throw new NotSupportedException("no more");
    }

    private enum Small : byte
    {
        A = 200,
        B = 1,
    }

    private enum Large : uint
    {
        A = uint.MaxValue,
    }

    private enum Huge : ulong
    {
        A = ulong.MaxValue,
    }

    private sealed record Point(int X, string Y);

    private sealed class LongText
    {
        public override string ToString() => new('x', 500);
    }

    private sealed class ByCulture : IFormattable
    {
        public override string ToString() => "by itself";

        public string ToString(string? format, IFormatProvider? formatProvider) => $"{format}/{ReferenceEquals(formatProvider, CultureInfo.InvariantCulture)}";
    }

    private sealed class WithoutText
    {
        public override string? ToString() => null;
    }

    private sealed class Throws
    {
        public override string ToString() => throw new NotSupportedException("no text");
    }
}
