using System.Numerics;

namespace S3Journal.Adapters;

/// <summary>Single values as JSON, each kind as Serilog's <c>JsonValueFormatter</c> writes it, without a string on the way.</summary>
internal static class JsonScalar
{
    /// <summary>Whether it is of a kind known here; others are left to the caller, and nothing is written.</summary>
    public static bool TryWrite(object? value, Utf8Buffer output)
    {
        switch (value)
        {
            case null: output.Write("null"u8); break;
            case string text: output.WriteJsonString(text); break;
            case bool flag: output.Write(flag ? "true"u8 : "false"u8); break;
            case int number: output.Write(number); break;
            case long number: output.Write(number); break;
            case double number: WriteFloating(number, output); break;
            case decimal number: output.Write(number); break;
            case Guid guid: output.WriteQuoted(guid); break;
            case DateTime time: output.WriteQuoted(time, "O"); break;
            case DateTimeOffset time: output.WriteQuoted(time, "O"); break;
            case TimeSpan span: output.WriteQuoted(span); break;
            case uint number: output.Write(number); break;
            case ulong number: output.Write(number); break;
            case short number: output.Write(number); break;
            case ushort number: output.Write(number); break;
            case byte number: output.Write(number); break;
            case sbyte number: output.Write(number); break;
            case float number: WriteFloating(number, output); break;
            case char letter: output.WriteJsonString(new ReadOnlySpan<char>(in letter)); break;
            case DateOnly date: output.WriteQuoted(date, "O"); break;
            case TimeOnly time: output.WriteQuoted(time, "O"); break;
            default: return false;
        }

        return true;
    }

    /// <summary>NaN and the infinities, for which JSON has no number, as texts.</summary>
    public static void WriteFloating<T>(T value, Utf8Buffer output)
        where T : INumberBase<T>, IUtf8SpanFormattable
    {
        if (T.IsFinite(value))
        {
            output.Write(value, "R");
        }
        else
        {
            output.WriteQuoted(value);
        }
    }
}
