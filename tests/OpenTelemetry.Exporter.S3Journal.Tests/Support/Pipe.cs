using System.Diagnostics;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Exporter.S3Journal.Otlp;
using OpenTelemetry.Logs;

namespace OpenTelemetry.Exporter.S3Journal.Tests.Support;

/// <summary>Records through the SDK to a processor of the test's, without the OTLP exporter.</summary>
internal static class Pipe
{
    public static void Log(Action<LogRecord> onEnd, Action<ILogger> log)
    {
        using ILoggerFactory loggers = LoggerFactory.Create(logging => logging.AddOpenTelemetry(options =>
        {
            options.IncludeScopes = true;
            options.IncludeFormattedMessage = true;
            options.AddProcessor(new OnEndProcessor<LogRecord>(onEnd));
        }));
        log(loggers.CreateLogger("Shop.Orders"));
    }

    /// <summary>One record's bytes.</summary>
    public static byte[] Log(OtlpEncoder encoder, OtlpLimits limits, Action<ILogger> log)
    {
        byte[] written = [];
        Log(record => written = Some.Written(output => encoder.WriteLog(record, limits, output)), log);
        return written;
    }

    public static byte[] LogStandIn(OtlpEncoder encoder, Action<ILogger> log)
    {
        byte[] written = [];
        Log(record => written = Some.Written(output => encoder.WriteLogStandIn(record, OtlpLimits.Default, output)), log);
        return written;
    }

    /// <summary>A span that is stopped but of no provider.</summary>
    public static Activity Span(string name, Action<Activity>? describe = null)
    {
        using ActivitySource source = new($"{name}{Guid.NewGuid():N}", "1.2.3");
        using ActivityListener listener = new()
        {
            ShouldListenTo = heard => heard == source,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        Activity activity = source.StartActivity(name)!;
        describe?.Invoke(activity);
        activity.Stop();
        return activity;
    }

    private sealed class OnEndProcessor<TRecord>(Action<TRecord> onEnd) : BaseProcessor<TRecord>
    {
        public override void OnEnd(TRecord data) => onEnd(data);
    }
}
