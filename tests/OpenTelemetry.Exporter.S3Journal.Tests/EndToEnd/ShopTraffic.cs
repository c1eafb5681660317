using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace OpenTelemetry.Exporter.S3Journal.Tests.EndToEnd;

/// <summary>Records of every shape, the same at each call.</summary>
internal static class ShopTraffic
{
    private const string Text = "Zażółć gęślą jaźń, \u202Eעברית\u202C, 統計, \U0001F6D2\U0001F469\u200D\U0001F680, \"quoted\\\", line\r\nbreak, \u2028, tab\t, \u0001 and \u007F; ";

    /// <summary>Makes that many log records and spans, 10 KiB of text in each.</summary>
    public static void Make(TelemetryHost host, int count)
    {
        for (int i = 0; i < count; i++)
        {
            ActivitySource source = host.Sources[i % host.Sources.Length];
            using Activity activity = Start(source, i);
            Describe(activity, i);
            Log(host.Loggers.CreateLogger(i % 3 == 0 ? "Shop.Orders" : $"Shop.Kasse.№{i % 3}"), i);
        }
    }

    private static string Filler(int i) => string.Concat(Enumerable.Repeat(string.Create(CultureInfo.InvariantCulture, $"{i}: {Text}"), 80));

    private static Activity Start(ActivitySource source, int i)
    {
        ActivityLink[] links = i % 4 == 0
            ? [new(Context(i, "vendor=one,shop=2"), new ActivityTagsCollection([new("reason", "retry"), new("count", i)])), new(Context(i + 1, null))]
            : [];
        return source.StartActivity((ActivityKind)(i % 5), i % 3 == 0 ? Context(i, "shop=1") : default, [new("started", true)], links, name: $"work \U0001F527 {i % 7}")!;
    }

    private static ActivityContext Context(int i, string? state)
        => new(
            ActivityTraceId.CreateFromString($"{i + 1:x32}"),
            ActivitySpanId.CreateFromString($"{i + 1:x16}"),
            ActivityTraceFlags.Recorded,
            state,
            isRemote: i % 2 == 0);

    private static void Describe(Activity activity, int i)
    {
        activity.SetTag("Number", i);
        activity.SetTag("text", Filler(i));
        activity.SetTag("amount", i / 7.0);
        activity.SetTag("parts", new[] { i, i + 1 });
        activity.SetTag("имя", "значение");
        if (i % 5 == 0)
        {
            activity.AddEvent(new ActivityEvent("paid", tags: new ActivityTagsCollection([new("currency", "€"), new("ok", true)])));
        }

        if (i % 6 == 0)
        {
            activity.AddException(Thrown(i));
            activity.SetStatus(ActivityStatusCode.Error, "Zahlung fehlgeschlagen \u26A0");
        }
        else if (i % 6 == 1)
        {
            activity.SetStatus(ActivityStatusCode.Ok);
        }
    }

    private static void Log(ILogger logger, int i)
    {
        using IDisposable? customer = i % 2 == 0 ? logger.BeginScope("Customer {Customer} of {Land}", i % 11, "Österreich") : null;
        using IDisposable? tags = i % 4 == 0 ? logger.BeginScope(new Dictionary<string, object> { ["Tags"] = new[] { "a", "\U0001F525" }, ["Deep"] = new Dictionary<string, object?> { ["x"] = null, ["y"] = 1.5 } }) : null;
        LogLevel level = (LogLevel)(i % 6);
        EventId id = i % 3 == 0 ? new EventId(i, "Geprüft") : default;
        logger.Log(level, id, i % 6 >= 4 ? Thrown(i) : null, "Order {Number} took {Elapsed} of {Parts}: {Text}", i, TimeSpan.FromMilliseconds(i), new object?[] { 1, "zwei", null, 3m }, Filler(i));
    }

    private static InvalidOperationException Thrown(int i)
    {
        try
        {
            throw new InvalidOperationException($"Kauf {i} ungültig \U0001F4A5", new FormatException("inner\r\ncause"));
        }
        catch (InvalidOperationException exception)
        {
            return exception;
        }
    }
}
