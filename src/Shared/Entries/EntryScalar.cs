namespace S3Journal.Adapters;

/// <summary>Single values, without a string on the way; as JSON each kind is what Serilog's <c>JsonValueFormatter</c> makes of it.</summary>
internal static class EntryScalar<TFormat>
    where TFormat : struct, IEntryFormat
{
    /// <summary>Whether it is of a kind known here; others are left to the caller, and nothing is written.</summary>
    public static bool TryWrite(object? value, Utf8Buffer output)
    {
        switch (value)
        {
            case null: TFormat.Null(output); break;
            case string text: TFormat.Text(text, output); break;
            case bool flag: TFormat.Bool(flag, output); break;
            case int number: TFormat.Integer((long)number, output); break;
            case long number: TFormat.Integer(number, output); break;
            case double number: TFormat.Double(number, output); break;
            case decimal number: TFormat.Decimal(number, output); break;
            case Guid guid: TFormat.Text(guid, default, output); break;
            case DateTime time: TFormat.Text(time, "O", output); break;
            case DateTimeOffset time: TFormat.Text(time, "O", output); break;
            case TimeSpan span: TFormat.Text(span, default, output); break;
            case uint number: TFormat.Integer((long)number, output); break;
            case ulong number: TFormat.Integer(number, output); break;
            case short number: TFormat.Integer((long)number, output); break;
            case ushort number: TFormat.Integer((long)number, output); break;
            case byte number: TFormat.Integer((long)number, output); break;
            case sbyte number: TFormat.Integer((long)number, output); break;
            case float number: TFormat.Single(number, output); break;
            case char letter: TFormat.Text(new ReadOnlySpan<char>(in letter), output); break;
            case DateOnly date: TFormat.Text(date, "O", output); break;
            case TimeOnly time: TFormat.Text(time, "O", output); break;
            default: return false;
        }

        return true;
    }
}
