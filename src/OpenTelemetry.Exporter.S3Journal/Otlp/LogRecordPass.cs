namespace OpenTelemetry.Exporter.S3Journal.Otlp;

/// <summary>What one pass over a log record hands on, also through the SDK's callback for scopes, which takes an object. Each thread keeps one between records.</summary>
internal sealed class LogRecordPass
{
    [ThreadStatic]
    private static LogRecordPass? _idle;

    private Utf8Buffer? _output;

    public AttributeTally Tally;
    public ValueBudget Budget;

    public Utf8Buffer Output => _output!;

    /// <summary>The state's template, once it was met.</summary>
    public string? Template { get; set; }

    /// <summary>This thread's, taken out of its place while it is used: a value's <c>ToString</c> that logs comes back here.</summary>
    public static LogRecordPass Rent(OtlpLimits limits, Utf8Buffer output)
    {
        LogRecordPass pass = _idle ?? new LogRecordPass();
        _idle = null;
        pass._output = output;
        pass.Tally = new AttributeTally(limits.LogAttributeCount);
        pass.Budget = new ValueBudget(limits.MaxEntryBytes, limits.LogAttributeValueLength);
        return pass;
    }

    public static void Return(LogRecordPass pass)
    {
        pass._output = null;
        pass.Template = null;
        _idle = pass;
    }
}
