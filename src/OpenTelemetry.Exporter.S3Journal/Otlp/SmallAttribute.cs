using System.Collections;

namespace OpenTelemetry.Exporter.S3Journal.Otlp;

/// <summary>Which attributes a stand-in keeps: numbers, flags, ids and short texts, for they correlate records.</summary>
internal static class SmallAttribute
{
    public const int MaxChars = 256;

    /// <summary>The mark of a stand-in.</summary>
    public const string Truncated = "truncated";

    /// <summary>Of a stand-in's small attributes together.</summary>
    public const int MaxBytes = 8 * 1024;

    /// <summary>How many are looked at.</summary>
    public const int MaxRead = 1_000;

    public static bool Is(string? key, object? value)
        => key is { Length: <= MaxChars } and not Truncated && (value is null or string { Length: <= MaxChars } or (ValueType and not IEnumerable));

    public static ReadOnlySpan<char> Cut(string? text) => text.AsSpan(0, Math.Min(text?.Length ?? 0, MaxChars));
}
