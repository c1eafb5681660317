using OpenTelemetry.Logs;

namespace OpenTelemetry.Exporter.S3Journal.Otlp;

/// <summary>What is stored of a log record that is too large for the journal.</summary>
internal static class LogStandIn<TFormat>
    where TFormat : struct, IOtlpFormat
{
    public static void Write(LogRecord record, OtlpLimits limits, Utf8Buffer output)
    {
        TFormat.BeginEntry(output);
        LogParts<TFormat>.WriteScope(SmallAttribute.Cut(record.CategoryName), limits, output);
        int list = TFormat.BeginList(OtlpFields.LogRecords, output);
        int message = TFormat.BeginElement(OtlpFields.LogRecords, output);
        LogParts<TFormat>.WriteHead(record, SmallAttribute.Cut(record.EventId.Name), output);
        if ((record.FormattedMessage ?? record.Body) is { } body)
        {
            LogParts<TFormat>.WriteBody(TextCut.Of(body), output);
        }

        WriteAttributes(record, output);
        TFormat.EndMessage(message, output);
        TFormat.EndList(list, output);
        LogParts<TFormat>.WriteScopeSchema(limits, output);
        TFormat.EndEntry(output);
    }

    private static void WriteAttributes(LogRecord record, Utf8Buffer output)
    {
        StandInAttributes<TFormat> kept = StandInAttributes<TFormat>.Begin(OtlpFields.LogAttributes, output);
        if (record.Exception is { } exception)
        {
            kept.AddText("exception.type", ExceptionText.Type(exception));
            kept.AddText("exception.message", ExceptionText.Message(exception));
            kept.AddText("exception.stacktrace", ExceptionText.Whole(exception));
        }

        kept.AddSmall(record.Attributes);
        kept.AddSmall(OfScopes(record));
        kept.End(OtlpFields.LogDroppedAttributes);
    }

    private static List<KeyValuePair<string, object?>> OfScopes(LogRecord record)
    {
        List<KeyValuePair<string, object?>> pairs = [];
        try
        {
            record.ForEachScope(
                static (scope, pairs) =>
                {
                    int left = SmallAttribute.MaxRead;
                    foreach (KeyValuePair<string, object?> pair in scope)
                    {
                        if (--left < 0 || pairs.Count == SmallAttribute.MaxRead)
                        {
                            break;
                        }

                        if (LogParts<TFormat>.IsScopeAttribute(pair.Key))
                        {
                            pairs.Add(pair);
                        }
                    }
                },
                pairs);
        }
        catch (Exception unread) when (unread is not ThreadInterruptedException)
        {
            // What was read until then is kept.
        }

        return pairs;
    }
}
