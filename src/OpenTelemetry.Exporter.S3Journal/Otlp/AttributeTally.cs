namespace OpenTelemetry.Exporter.S3Journal.Otlp;

/// <summary>The attributes of one list: how many there may be, are, and were left out.</summary>
internal struct AttributeTally(int limit)
{
    private int _written;

    public int Dropped { get; private set; }

    public void Drop(int count = 1) => Dropped += count;

    /// <summary>Writes one more; what cannot be written, or is one too many, is counted instead.</summary>
    public void Add<TFormat>(OtlpField list, string? key, object? value, ref ValueBudget budget, Utf8Buffer output)
        where TFormat : struct, IOtlpFormat
    {
        if (_written < limit && budget.Allows(output) && PairWriter<TFormat>.TryWrite(list, key, value, ref budget, output))
        {
            _written++;
        }
        else
        {
            Dropped++;
        }
    }

    /// <summary>The number of those left out, where there are any.</summary>
    public readonly void WriteDropped<TFormat>(OtlpField field, Utf8Buffer output)
        where TFormat : struct, IOtlpFormat
    {
        if (Dropped > 0)
        {
            TFormat.Count(field, (uint)Dropped, output);
        }
    }
}
