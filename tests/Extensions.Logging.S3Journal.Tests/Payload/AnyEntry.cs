using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using Extensions.Logging.S3Journal.Tests.Support;
using Microsoft.Extensions.Logging;
using Serilog.Sinks.S3Journal.Tests.Support;
using Sink.Core;

namespace Extensions.Logging.S3Journal.Tests.Payload;

public sealed class AnyEntry
{
    private static readonly Gen<string> Text = Gen.Frequency(
        (6, Gen.String[Gen.Char[' ', '~'], 0, 40]),
        (3, Gen.String[Gen.Char, 0, 20]),
        (3, Gen.String[Gen.OneOf('"', '\\', '\n', '\r', '\t', '\b', '\f', '\0', '\u001f', '\u007f', '\u2028', '\ud83d', '\ude00', 'é', '<', '/'), 0, 12]),
        (1, Gen.OneOf("", new string('x', 5000), new string('é', 4095) + "😀", string.Concat(Enumerable.Repeat("😀", 3000)))));

    private static readonly Gen<string?> Name = Gen.Frequency(
        (8, Gen.OneOf<string?>("A", "B", "Count", "@t", "@", "@@mt", "@x", "@l", "SourceContext", "EventId", "Scope", "...", "", null, "\ud800", "\udc00", "{OriginalFormat}")),
        (2, Text.Select(static s => (string?)s)));

    private static readonly Gen<object?> Single = Gen.OneOf<object?>(
        Text.Select(static v => (object?)v),
        Gen.Const((object?)null),
        Gen.Bool.Select(static v => (object?)v),
        Gen.Int.Select(static v => (object?)v),
        Gen.Long.Select(static v => (object?)v),
        Gen.ULong.Select(static v => (object?)v),
        Gen.Short.Select(static v => (object?)v),
        Gen.Byte.Select(static v => (object?)v),
        Gen.Decimal.Select(static v => (object?)v),
        Gen.Double.Select(static v => (object?)v),
        Gen.Double.Special.Select(static v => (object?)v),
        Gen.Float.Select(static v => (object?)v),
        Gen.DateTime.Select(static v => (object?)v),
        Gen.DateTimeOffset.Select(static v => (object?)v),
        Gen.DateOnly.Select(static v => (object?)v),
        Gen.TimeOnly.Select(static v => (object?)v),
        Gen.TimeSpan.Select(static v => (object?)v),
        Gen.Guid.Select(static v => (object?)v),
        Gen.Char.Select(static v => (object?)v),
        Gen.Byte.Array[0, 20].Select(static v => (object?)v),
        Gen.OneOf<object?>(DayOfWeek.Monday, (DayOfWeek)77, new Uri("http://a/b?c=\"d\""), new Version(1, 2), (Half)1.5, (Int128)5, new Hostile.Text(), new Hostile.NoText()));

    private static readonly Gen<object?> Value = Nested(3);

    private static readonly Gen<KeyValuePair<string, object?>[]> Pairs = Gen.Select(Name, Value, static (name, value) => new KeyValuePair<string, object?>(name!, value)).Array[0, 8];

    private static readonly Gen<object?> Scope = Gen.OneOf(
        Value,
        Pairs.Select(static v => (object?)v),
        Gen.Select(Name, Value, static (name, value) => (object?)new KeyValuePair<string, object?>(name!, value)));

    [Theory]
    [InlineData(EntryEncoding.Json)]
    [InlineData(EntryEncoding.MessagePack)]
    public void IsWellFormedAndSaysWhatItWasGiven(EntryEncoding encoding) => Gen.Select(Pairs, Scope.Array[0, 4], Gen.Bool, Text).Sample(
        (state, scopes, includesMessage, message) =>
        {
            Logged logged = Log(encoding, state, scopes, includesMessage, message, null);
            JsonElement entry = logged.Entry;
            string? template = state.LastOrDefault(static pair => pair is { Key: "{OriginalFormat}", Value: string }).Value as string;
            Assert.Equal(template is null ? null : Whole(template), entry.TryGetProperty("@mt", out JsonElement mt) ? mt.GetString() : null);
            Assert.Equal(template is null || includesMessage ? Whole(message) : null, entry.TryGetProperty("@m", out JsonElement m) ? m.GetString() : null);
            foreach ((string name, object? value) in Named(state, scopes))
            {
                AssertSays(value, entry.GetProperty(name.StartsWith('@') ? "@" + name : name), encoding);
            }
        },
        iter: 3_000);

    [Fact]
    public void SaysTheSameInBothEncodings() => Gen.Select(Pairs, Scope.Array[0, 4], Gen.Bool, Text).Sample(
        static (state, scopes, includesMessage, message) =>
        {
            InvalidOperationException exception = new(message, new ArgumentException(message));
            byte[] json = Bytes(EntryEncoding.Json);

            BothEncodings.AssertAgree(json, Bytes(EntryEncoding.MessagePack));

            byte[] Bytes(EntryEncoding encoding)
            {
                byte[]? bytes = null;
                Log(encoding, state, scopes, includesMessage, message, exception, payload => bytes = payload);
                return bytes!;
            }
        },
        iter: 3_000);

    private static Logged Log(EntryEncoding encoding, KeyValuePair<string, object?>[] state, object?[] scopes, bool includesMessage, string message, Exception? exception, Action<byte[]>? seen = null)
    {
        Logged logged = new(maxEntryBytes: int.MaxValue, encoding: encoding) { IncludesMessage = includesMessage };
        if (seen is not null)
        {
            logged.Journal.Decode = (_, payload) =>
            {
                seen(payload);
                return "";
            };
        }

        foreach (object? scope in scopes)
        {
            // Disposed out of order by nobody: the logger is this sample's own.
            _ = logged.Logger.BeginScope(scope!);
        }

        logged.Logger.Log(LogLevel.Error, new EventId(message.Length - 20, message), state, exception, (_, _) => message);
        Assert.Empty(logged.Failures);
        return logged;
    }

    /// <summary>What counts of each name: the state's last, else the innermost scope's last.</summary>
    private static Dictionary<string, object?> Named(KeyValuePair<string, object?>[] state, object?[] scopes)
    {
        Dictionary<string, object?> named = new(StringComparer.Ordinal);
        IEnumerable<KeyValuePair<string, object?>> all = scopes.SelectMany(static scope => scope switch
        {
            IEnumerable<KeyValuePair<string, object?>> pairs => pairs,
            KeyValuePair<string, object?> pair => [pair],
            _ => [],
        }).Concat(state);
        foreach (KeyValuePair<string, object?> pair in all.Where(static pair => pair.Key != "{OriginalFormat}"))
        {
            named[Whole(pair.Key ?? "")] = pair.Value;
        }

        return named;
    }

    private static void AssertSays(object? value, JsonElement said, EntryEncoding encoding)
    {
        switch (value)
        {
            case null: Assert.Equal(JsonValueKind.Null, said.ValueKind); break;
            case string text: Assert.Equal(Whole(text), said.GetString()); break;
            case char letter: Assert.Equal(Whole(letter.ToString()), said.GetString()); break;
            case bool flag: Assert.Equal(flag, said.GetBoolean()); break;
            case double number when double.IsFinite(number): Assert.Equal(BitConverter.DoubleToInt64Bits(number), BitConverter.DoubleToInt64Bits(said.GetDouble())); break;
            case double number: Assert.Equal(number, double.Parse(said.GetString()!, CultureInfo.InvariantCulture)); break;
            case float number when float.IsFinite(number): Assert.Equal(number, said.GetSingle()); break;
            case float number: Assert.Equal(number, float.Parse(said.GetString()!, CultureInfo.InvariantCulture)); break;
            case decimal number when encoding == EntryEncoding.MessagePack: Assert.Equal(number.ToString(CultureInfo.InvariantCulture), said.GetString()); break;
            case decimal number: Assert.Equal(number, said.GetDecimal()); break;
            case int or long or short or byte: Assert.Equal(Convert.ToInt64(value, CultureInfo.InvariantCulture), said.GetInt64()); break;
            case ulong number: Assert.Equal(number, said.GetUInt64()); break;
            case byte[] bytes: Assert.Equal(bytes, said.GetBytesFromBase64()); break;
            case Guid guid: Assert.Equal(guid, said.GetGuid()); break;
            case DateTime time: Assert.Equal(time, DateTime.ParseExact(said.GetString()!, "O", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind)); break;
            case DateTimeOffset time: Assert.Equal(time, said.GetDateTimeOffset()); break;
            case TimeSpan span: Assert.Equal(span, TimeSpan.ParseExact(said.GetString()!, "c", CultureInfo.InvariantCulture)); break;
            case DateOnly date: Assert.Equal(date, DateOnly.ParseExact(said.GetString()!, "O", CultureInfo.InvariantCulture)); break;
            case TimeOnly time: Assert.Equal(time, TimeOnly.ParseExact(said.GetString()!, "O", CultureInfo.InvariantCulture)); break;
            case IEnumerable<KeyValuePair<string, object?>> pairs: AssertSays(pairs, said, encoding); break;
            case IEnumerable elements:
                object?[] expected = [.. elements.Cast<object?>()];
                Assert.Equal(expected.Length, said.GetArrayLength());
                for (int i = 0; i < expected.Length; i++)
                {
                    AssertSays(expected[i], said[i], encoding);
                }

                break;
            default: Assert.Equal(JsonValueKind.String, said.ValueKind); break;
        }
    }

    private static void AssertSays(IEnumerable<KeyValuePair<string, object?>> pairs, JsonElement said, EntryEncoding encoding)
    {
        KeyValuePair<string, object?>[] firsts = [.. pairs.DistinctBy(static pair => Whole(pair.Key ?? ""), StringComparer.Ordinal)];
        Assert.Equal(firsts.Length, said.GetPropertyCount());
        foreach ((string name, object? value) in firsts)
        {
            AssertSays(value, said.GetProperty(Whole(name ?? "")), encoding);
        }
    }

    /// <summary>The text as UTF-8 can have it.</summary>
    private static string Whole(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static Gen<object?> Nested(int depth)
    {
        if (depth == 0)
        {
            return Single;
        }

        Gen<object?> inner = Nested(depth - 1);
        return Gen.Frequency(
            (6, Single),
            (1, inner.Array[0, 4].Select(static v => (object?)v)),
            (1, Gen.Select(Name, inner, static (name, value) => new KeyValuePair<string, object?>(name!, value)).Array[0, 4].Select(static v => (object?)v)),
            (1, Gen.Int.List[0, 4].Select(static v => (object?)v)));
    }
}
