namespace OpenTelemetry.Exporter.S3Journal.Otlp;

/// <summary>Times as OTLP has them. One before 1970 comes out as a huge number, as in the OTLP exporter.</summary>
internal static class UnixTime
{
    public static ulong Of(DateTime utc) => unchecked((ulong)((utc.Ticks - DateTime.UnixEpoch.Ticks) * TimeSpan.NanosecondsPerTick));

    public static ulong Of(DateTimeOffset time) => Of(new DateTime(time.Ticks));

    public static ulong Nanoseconds(TimeSpan duration) => unchecked((ulong)(duration.Ticks * TimeSpan.NanosecondsPerTick));
}
