namespace Microsoft.Extensions.Logging.S3Journal.Payload;

/// <summary>The texts of objects that are none of ours, and may throw.</summary>
internal static class ObjectText
{
    public static string Of(object value)
    {
        try
        {
            return (value is IFormattable formattable ? formattable.ToString(null, System.Globalization.CultureInfo.InvariantCulture) : value.ToString()) ?? "";
        }
        catch (Exception exception)
        {
            return Instead(value, exception);
        }
    }

    public static string Of(Exception exception)
    {
        try
        {
            return exception.ToString();
        }
        catch (Exception inner)
        {
            return Instead(exception, inner);
        }
    }

    public static string Of<TState>(TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            return formatter(state, exception) ?? "";
        }
        catch (Exception inner)
        {
            return Instead(formatter, inner);
        }
    }

    /// <summary>Stands for a value that cannot be read; the exception's own message may throw too.</summary>
    public static string Instead(object value, Exception exception) => $"({value.GetType()} cannot be read: {exception.GetType()})";
}
