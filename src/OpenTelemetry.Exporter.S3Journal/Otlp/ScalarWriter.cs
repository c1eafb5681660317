using System.Globalization;

namespace OpenTelemetry.Exporter.S3Journal.Otlp;

/// <summary>Single values, into an AnyValue that is begun.</summary>
internal static class ScalarWriter<TFormat>
    where TFormat : struct, IOtlpFormat
{
    private const int FewChars = 128;

    /// <summary>Whether it is of a kind that OTLP has; others are left to the caller, and nothing is written.</summary>
    public static bool TryWrite(object? value, in ValueBudget budget, Utf8Buffer output)
    {
        switch (value)
        {
            // An AnyValue without any value.
            case null: break;
            case string text: WriteText(text, budget, output); break;
            case int number: TFormat.Integer(OtlpFields.IntValue, number, output); break;
            case long number: TFormat.Integer(OtlpFields.IntValue, number, output); break;
            case bool flag: TFormat.Bool(OtlpFields.BoolValue, flag, output); break;
            case double number: TFormat.Double(OtlpFields.DoubleValue, number, output); break;
            case char letter: WriteLetter(letter, output); break;
            case byte number: TFormat.Integer(OtlpFields.IntValue, number, output); break;
            case sbyte number: TFormat.Integer(OtlpFields.IntValue, number, output); break;
            case short number: TFormat.Integer(OtlpFields.IntValue, number, output); break;
            case ushort number: TFormat.Integer(OtlpFields.IntValue, number, output); break;
            case uint number: TFormat.Integer(OtlpFields.IntValue, number, output); break;
            case float number: TFormat.Double(OtlpFields.DoubleValue, number, output); break;
            default: return false;
        }

        return true;
    }

    /// <summary>What has no kind of its own in OTLP, <c>ulong</c> among it, without a string on the way where it can do without. False when it has no text.</summary>
    public static bool TryWriteText(object value, in ValueBudget budget, Utf8Buffer output)
    {
        if (value is ISpanFormattable formattable && TryFormat(formattable, budget, output))
        {
            return true;
        }

        string? text = Convert.ToString(value, CultureInfo.InvariantCulture);
        if (text is null)
        {
            return false;
        }

        WriteText(text, budget, output);
        return true;
    }

    public static void WriteText(ReadOnlySpan<char> text, in ValueBudget budget, Utf8Buffer output) => TFormat.Text(OtlpFields.StringValue, budget.Cut(text), output);

    public static void WriteLetter(char letter, Utf8Buffer output) => TFormat.Text(OtlpFields.StringValue, new ReadOnlySpan<char>(in letter), output);

    public static bool TryFormat<T>(T value, in ValueBudget budget, Utf8Buffer output)
        where T : ISpanFormattable
    {
        Span<char> text = stackalloc char[FewChars];
        if (!value.TryFormat(text, out int length, default, CultureInfo.InvariantCulture))
        {
            return false;
        }

        WriteText(text[..length], budget, output);
        return true;
    }
}
