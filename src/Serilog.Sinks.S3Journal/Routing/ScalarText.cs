using System.Globalization;

namespace Serilog.Sinks.S3Journal.Routing;

/// <summary>The invariant text of a scalar, as it names a stream. Times are ISO 8601, so that equal values have equal texts.</summary>
internal static class ScalarText
{
    public static string Of(object value) => value switch
    {
        string text => text,
        IFormattable formattable => formattable.ToString(FormatOf(value), CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    /// <summary>The same text into a span, without a string where the value can do that. False when it does not fit.</summary>
    public static bool TryWrite(object value, Span<char> destination, out int written)
    {
        if (value is not string && value is ISpanFormattable formattable)
        {
            return formattable.TryFormat(destination, out written, FormatOf(value), CultureInfo.InvariantCulture);
        }

        string text = Of(value);
        bool fits = text.TryCopyTo(destination);
        written = fits ? text.Length : 0;
        return fits;
    }

    private static string? FormatOf(object value) => value is DateTime or DateTimeOffset or DateOnly or TimeOnly ? "O" : null;
}
