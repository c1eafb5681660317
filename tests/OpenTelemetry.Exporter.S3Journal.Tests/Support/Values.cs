using CsCheck;

namespace OpenTelemetry.Exporter.S3Journal.Tests.Support;

/// <summary>Random attributes.</summary>
internal static class Values
{
    public static readonly Gen<string> Text = Gen.Frequency(
        (60, Gen.String[Gen.Char[' ', '~'], 0, 140]),
        (30, Gen.String[Gen.Char, 0, 50]),
        (20, Gen.String[Gen.OneOf('"', '\\', '\n', '\r', '\t', '\b', '\f', '\0', '\u001f', '\u007f', '\u2028', '\ud83d', '\ude00', 'é', '<', '/'), 0, 12]),
        (2, Gen.OneOf("", "{\"a\":1}", new string('x', 5000), new string('é', 4095) + "😀", string.Concat(Enumerable.Repeat("😀", 9000)))));

    private static readonly Gen<string> _name = Gen.OneOf(Text, Gen.OneOf("A", "OrderId", "{OriginalFormat}", "traceId", "exception.type", "otel.status_code", ""));

    private static readonly Gen<object?> _single = Gen.OneOf<object?>(
        Text.Select(static value => (object?)value),
        Gen.Const((object?)null),
        Gen.Bool.Select(static value => (object?)value),
        Gen.Int.Select(static value => (object?)value),
        Gen.UInt.Select(static value => (object?)value),
        Gen.Long.Select(static value => (object?)value),
        Gen.ULong.Select(static value => (object?)value),
        Gen.Short.Select(static value => (object?)value),
        Gen.UShort.Select(static value => (object?)value),
        Gen.Byte.Select(static value => (object?)value),
        Gen.SByte.Select(static value => (object?)value),
        Gen.Decimal.Select(static value => (object?)value),
        Gen.Double.Select(static value => (object?)value),
        Gen.Double.Special.Select(static value => (object?)value),
        Gen.Float.Select(static value => (object?)value),
        Gen.Float.Special.Select(static value => (object?)value),
        Gen.DateTime.Select(static value => (object?)value),
        Gen.DateTimeOffset.Select(static value => (object?)value),
        Gen.TimeSpan.Select(static value => (object?)value),
        Gen.Guid.Select(static value => (object?)value),
        Gen.Char.Select(static value => (object?)value),
        Gen.Enum<DayOfWeek>().Select(static value => (object?)value));

    private static readonly Gen<object?> _array = Gen.OneOf<object?>(
        Text.Array[0, 5].Select(static value => (object?)value),
        Gen.Bool.Array[0, 5].Select(static value => (object?)value),
        Gen.Int.Array[0, 60].Select(static value => (object?)value),
        Gen.UInt.Array[0, 5].Select(static value => (object?)value),
        Gen.Long.Array[0, 60].Select(static value => (object?)value),
        Gen.ULong.Array[0, 5].Select(static value => (object?)value),
        Gen.Short.Array[0, 5].Select(static value => (object?)value),
        Gen.Byte.Array[0, 300].Select(static value => (object?)value),
        Gen.SByte.Array[0, 5].Select(static value => (object?)value),
        Gen.Double.Array[0, 5].Select(static value => (object?)value),
        Gen.Float.Array[0, 5].Select(static value => (object?)value),
        Gen.Char.Array[0, 5].Select(static value => (object?)value),
        Gen.Decimal.Array[0, 5].Select(static value => (object?)value),
        Gen.Guid.Array[0, 5].Select(static value => (object?)value),
        _single.Array[0, 8].Select(static value => (object?)value));

    public static readonly Gen<KeyValuePair<string, object?>[]> Attributes = Pairs(4);

    public static string Print(KeyValuePair<string, object?>[] pairs)
        => string.Join(", ", pairs.Select(static pair => $"{pair.Key}={pair.Value switch
        {
            KeyValuePair<string, object?>[] inner => "{" + Print(inner) + "}",
            Array array => "[" + string.Join(", ", array.Cast<object?>()) + "]",
            _ => $"{pair.Value} ({pair.Value?.GetType()})",
        }}"));

    private static Gen<KeyValuePair<string, object?>[]> Pairs(int depth)
    {
        Gen<object?> value = depth == 0
            ? Gen.Frequency((4, _single), (1, _array))
            : Gen.Frequency(
                (8, _single),
                (3, _array),
                (1, Pairs(depth - 1).Select(static pairs => (object?)pairs)),
                (1, Pairs(depth - 1).Select(static pairs => (object?)pairs.DistinctBy(static pair => pair.Key).ToDictionary())));
        return Gen.Select(_name, value, static (name, value) => KeyValuePair.Create(name, value)).Array[0, 8];
    }
}
