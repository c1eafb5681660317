using OpenTelemetry.Exporter.S3Journal.Otlp;

namespace OpenTelemetry.Exporter.S3Journal.Signals;

/// <summary>How records of a kind become entries.</summary>
internal abstract class Signal<T>(string name, string encoding) : Signal(name, encoding)
    where T : class
{
    /// <summary>When it happened: chooses the date in the object's key.</summary>
    public abstract DateTimeOffset TimeOf(T record);

    public abstract void Write(OtlpEncoder encoder, T record, OtlpLimits limits, Utf8Buffer output);

    /// <summary>What is stored of a record that is too large.</summary>
    public abstract void WriteStandIn(OtlpEncoder encoder, T record, OtlpLimits limits, Utf8Buffer output);

    /// <summary>Times of records are UTC, whether they say so or not.</summary>
    protected static DateTimeOffset Utc(DateTime time) => new(time.Ticks, TimeSpan.Zero);
}
