using System.Numerics;

namespace S3Journal.Adapters;

/// <summary>Numbers for which JSON has not always one.</summary>
internal static class JsonScalar
{
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
