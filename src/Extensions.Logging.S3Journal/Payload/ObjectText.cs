using System.Globalization;
using System.Text;

namespace Microsoft.Extensions.Logging.S3Journal.Payload;

/// <summary>The texts of objects that are none of ours, and may throw. An interrupt of the thread is not theirs, and goes on.</summary>
internal static class ObjectText
{
    public static string Of(object? value)
    {
        try
        {
            return (value is IFormattable formattable ? formattable.ToString(null, CultureInfo.InvariantCulture) : value?.ToString()) ?? "";
        }
        catch (Exception exception) when (exception is not ThreadInterruptedException)
        {
            return Instead(value, exception);
        }
    }

    public static string Of<TState>(TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            return formatter(state, exception) ?? "";
        }
        catch (Exception inner) when (inner is not ThreadInterruptedException)
        {
            return Instead(formatter, inner);
        }
    }

    /// <summary>A name as it will stand in an entry, so that two that differ only in lone surrogates, which UTF-8 cannot write, are seen to be one.</summary>
    public static string OfName(string? name)
        => name is null ? "" : name.AsSpan().IndexOfAnyInRange('\ud800', '\udfff') < 0 ? name : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(name));

    /// <summary>Stands for a value that cannot be read; the exception's own message may throw too.</summary>
    public static string Instead(object? value, Exception exception) => $"({value?.GetType().ToString() ?? "null"} cannot be read: {exception.GetType()})";
}
