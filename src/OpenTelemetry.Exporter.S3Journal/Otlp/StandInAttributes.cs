namespace OpenTelemetry.Exporter.S3Journal.Otlp;

/// <summary>A stand-in's attributes, ending with its mark.</summary>
internal ref struct StandInAttributes<TFormat>
    where TFormat : struct, IOtlpFormat
{
    private readonly OtlpField _list;
    private readonly Utf8Buffer _output;
    private readonly int _begin;
    private AttributeTally _tally = new(int.MaxValue);
    private ValueBudget _budget = new(int.MaxValue, int.MaxValue);
    private int _leftBytes = SmallAttribute.MaxBytes;

    private StandInAttributes(OtlpField list, Utf8Buffer output)
    {
        _list = list;
        _output = output;
        _begin = TFormat.BeginList(list, output);
    }

    public static StandInAttributes<TFormat> Begin(OtlpField list, Utf8Buffer output) => new(list, output);

    /// <summary>One that is of the record's kind; its first 8 KiB are kept.</summary>
    public void AddText(string name, string? text)
    {
        if (text is null)
        {
            _tally.Drop();
        }
        else
        {
            _budget.MaxTextLength = TextCut.Of(text).Length;
            _tally.Add<TFormat>(_list, name, text, ref _budget, _output);
            _budget.MaxTextLength = int.MaxValue;
        }
    }

    /// <summary>Adds those that are small; the others are counted.</summary>
    public void AddSmall(IReadOnlyList<KeyValuePair<string, object?>>? attributes)
    {
        try
        {
            int count = attributes?.Count ?? 0;
            int read = Math.Min(count, SmallAttribute.MaxRead);
            for (int i = 0; i < read; i++)
            {
                KeyValuePair<string, object?> attribute = attributes![i];
                AddSmall(attribute.Key, attribute.Value);
            }

            _tally.Drop(count - read);
        }
        catch (Exception unread) when (unread is not ThreadInterruptedException)
        {
            _tally.Drop();
        }
    }

    public void AddSmall(string? key, object? value)
    {
        int begin = _output.Length;
        if (!SmallAttribute.Is(key, value) || !PairWriter<TFormat>.TryWrite(_list, key, value, ref _budget, _output))
        {
            _tally.Drop();
        }
        else if (_output.Length - begin > _leftBytes)
        {
            _output.Truncate(begin);
            _tally.Drop();
        }
        else
        {
            _leftBytes -= _output.Length - begin;
        }
    }

    public void End(OtlpField dropped)
    {
        _tally.Add<TFormat>(_list, SmallAttribute.Truncated, true, ref _budget, _output);
        TFormat.EndList(_begin, _output);
        _tally.WriteDropped<TFormat>(dropped, _output);
    }
}
