using System.Diagnostics;
using System.Numerics;
using CsCheck;
using Serilog.Events;

namespace Serilog.Sinks.S3Journal.Tests.Support;

/// <summary>Events of every kind: values of all kinds, nested, with texts that are no whole characters and formats that do not suit.</summary>
internal static class AnyEvent
{
    private static readonly Gen<string> Text = Gen.Frequency(
        (60, Gen.String[Gen.Char[' ', '~'], 0, 40]),
        (30, Gen.String[Gen.Char, 0, 20]),
        (20, Gen.String[Gen.OneOf('"', '\\', '\n', '\r', '\t', '\b', '\f', '\0', '\u001f', '\u007f', '\u2028', '\ud83d', '\ude00', 'é', '<', '/'), 0, 12]),
        (2, Gen.OneOf("", "{\"a\":1}", new string('x', 5000), new string('é', 4095) + "😀", string.Concat(Enumerable.Repeat("😀", 3000)))));

    private static readonly Gen<string> Name = Gen.Frequency(
        (8, Gen.OneOf("A", "B", "Count", "Elapsed", "User_Id", "0", "1", "@t", "@", "@@mt", "@x", "$type", "@l", "@r", "truncated", "Level")),
        (1, Gen.String[Gen.Char[' ', '~'], 1, 8].Where(s => !string.IsNullOrWhiteSpace(s))),
        (1, Gen.String[Gen.Char, 1, 8].Where(s => !string.IsNullOrWhiteSpace(s))));

    private static readonly Gen<object?> Scalar = Gen.OneOf<object?>(
        Text.Select(s => (object?)s),
        Gen.Const((object?)null),
        Gen.Bool.Select(v => (object?)v),
        Gen.Int.Select(v => (object?)v),
        Gen.UInt.Select(v => (object?)v),
        Gen.Long.Select(v => (object?)v),
        Gen.ULong.Select(v => (object?)v),
        Gen.Short.Select(v => (object?)v),
        Gen.UShort.Select(v => (object?)v),
        Gen.Byte.Select(v => (object?)v),
        Gen.SByte.Select(v => (object?)v),
        Gen.Decimal.Select(v => (object?)v),
        Gen.Double.Select(v => (object?)v),
        Gen.Double.Special.Select(v => (object?)v),
        Gen.Float.Select(v => (object?)v),
        Gen.Float.Special.Select(v => (object?)v),
        Gen.DateTime.Select(v => (object?)v),
        Gen.DateTimeOffset.Select(v => (object?)v),
        Gen.DateOnly.Select(v => (object?)v),
        Gen.TimeOnly.Select(v => (object?)v),
        Gen.TimeSpan.Select(v => (object?)v),
        Gen.Guid.Select(v => (object?)v),
        Gen.Char.Select(v => (object?)v),
        Gen.OneOf<object?>(
            DayOfWeek.Monday, (DayOfWeek)77, AttributeTargets.Class | AttributeTargets.Field, new Uri("http://a/b?c=\"d\""), new Uri("a b", UriKind.Relative),
            new byte[] { 1, 2, 3 }, new Version(1, 2), typeof(string), (Half)1.5, (Int128)5, new BigInteger(77), (nint)5, new Complex(1.5, 2.5), new NullText(), new object(),
            DateTime.MinValue, DateTime.MaxValue, DateTime.SpecifyKind(DateTime.UnixEpoch, DateTimeKind.Local), TimeSpan.MinValue, TimeSpan.MaxValue, -0.0, double.Epsilon, decimal.MinValue, 1.000m));

    private static readonly Gen<LogEventPropertyValue> ScalarGen = Scalar.Select(v => (LogEventPropertyValue)new ScalarValue(v));

    private static readonly Gen<LogEventPropertyValue> Value = Nested(3);

    private static readonly Gen<string> Token = Gen.Select(
        Name.Where(n => n.All(char.IsAsciiLetterOrDigit)),
        Gen.OneOf("", "", "@", "$"),
        Gen.OneOf("", "", ",10", ",-7"),
        Gen.OneOf("", "", ":0.00", ":000", ":x", ":l", ":j", ":lj", ":yyyy", ":D"),
        (name, hint, alignment, format) => "{" + hint + name + alignment + format + "}");

    private static readonly Gen<string> Template = Gen.OneOf(Text, Token, Token, Gen.OneOf("{{", "}}", "{", "}", "{ }", " at ")).Array[0, 6].Select(string.Concat);

    public static readonly Gen<LogEvent> Events = Gen.Select(
        Gen.DateTimeOffset,
        Gen.OneOf(Gen.OneOf(Enum.GetValues<LogEventLevel>()), Gen.OneOf((LogEventLevel)9)),
        Gen.OneOf(Gen.Const((string?)null), Text.Select(s => (string?)s)),
        Template,
        Gen.Select(Name, Value, (name, value) => new LogEventProperty(name, value)).Array[0, 6],
        Gen.Byte.Array[16],
        Gen.Int[0, 3],
        (time, level, exception, template, properties, trace, traced) => new LogEvent(
            time,
            level,
            exception is null ? null : new InvalidOperationException(exception, new ArgumentException(exception)),
            Some.Template(template),
            properties,
            (traced & 1) == 0 ? default : ActivityTraceId.CreateFromBytes(trace),
            (traced & 2) == 0 ? default : ActivitySpanId.CreateFromBytes(trace.AsSpan(0, 8))));

    private static Gen<LogEventPropertyValue> Nested(int depth)
    {
        if (depth == 0)
        {
            return ScalarGen;
        }

        Gen<LogEventPropertyValue> inner = Nested(depth - 1);
        return Gen.Frequency(
            (6, ScalarGen),
            (1, inner.Array[0, 4].Select(v => (LogEventPropertyValue)new SequenceValue(v))),
            (1, Gen.Select(
                Gen.Select(Name, inner, (n, v) => new LogEventProperty(n, v)).Array[0, 4],
                Gen.OneOf(Gen.Const((string?)null), Text.Select(s => (string?)s)),
                (p, tag) => (LogEventPropertyValue)new StructureValue(p, tag))),
            (1, Gen.Select(Scalar, inner, (k, v) => KeyValuePair.Create(new ScalarValue(k), v)).Array[0, 4].Select(
                e => (LogEventPropertyValue)new DictionaryValue(e.DistinctBy(p => p.Key)))));
    }

    private sealed class NullText
    {
        public override string? ToString() => null;
    }
}
