using OpenTelemetry.Logs;

namespace OpenTelemetry.Exporter.S3Journal.Otlp;

/// <summary>Log records.</summary>
internal static class LogWriter<TFormat>
    where TFormat : struct, IOtlpFormat
{
    private static readonly Action<LogRecordScope, LogRecordPass> _addScope = AddScope;

    public static void Write(LogRecord record, OtlpLimits limits, Utf8Buffer output)
    {
        LogRecordPass pass = LogRecordPass.Rent(limits, output);
        try
        {
            TFormat.BeginEntry(output);
            LogParts<TFormat>.WriteScope(record.CategoryName, limits, output);
            int list = TFormat.BeginList(OtlpFields.LogRecords, output);
            int message = TFormat.BeginElement(OtlpFields.LogRecords, output);
            WriteRecord(record, limits, pass);
            TFormat.EndMessage(message, output);
            TFormat.EndList(list, output);
            LogParts<TFormat>.WriteScopeSchema(limits, output);
            TFormat.EndEntry(output);
        }
        finally
        {
            LogRecordPass.Return(pass);
        }
    }

    private static void WriteRecord(LogRecord record, OtlpLimits limits, LogRecordPass pass)
    {
        Utf8Buffer output = pass.Output;
        LogParts<TFormat>.WriteHead(record, record.EventId.Name, output);
        string? message = record.FormattedMessage;
        if (message is not null)
        {
            LogParts<TFormat>.WriteBody(pass.Budget.CutToSize(message), output);
        }

        int list = TFormat.BeginList(OtlpFields.LogAttributes, output);
        AddAttributes(record, limits, takesTemplate: message is null, pass);
        TFormat.EndList(list, output);
        pass.Tally.WriteDropped<TFormat>(OtlpFields.LogDroppedAttributes, output);

        // Known only now: reading the state twice would make its boxes twice. Without attributes the OTLP exporter passes the body over, and so do we.
        if (message is null && record.Attributes is not null && (pass.Template ?? record.Body) is { } body)
        {
            LogParts<TFormat>.WriteBody(pass.Budget.CutToSize(body), output);
        }
    }

    private static void AddAttributes(LogRecord record, OtlpLimits limits, bool takesTemplate, LogRecordPass pass)
    {
        if (limits.WritesEventId && record.EventId.Id != 0)
        {
            pass.Tally.Add<TFormat>(OtlpFields.LogAttributes, "logrecord.event.id", record.EventId.Id, ref pass.Budget, pass.Output);
        }

        if (record.Exception is { } exception)
        {
            AddException(exception, pass);
        }

        if (record.Attributes is { } attributes)
        {
            AddState(attributes, takesTemplate, pass);
        }

        try
        {
            record.ForEachScope(_addScope, pass);
        }
        catch (Exception unread) when (unread is not ThreadInterruptedException)
        {
            pass.Tally.Drop();
        }
    }

    private static void AddException(Exception exception, LogRecordPass pass)
    {
        AddText("exception.type", ExceptionText.Type(exception), pass);
        AddText("exception.message", ExceptionText.Message(exception), pass);
        AddText("exception.stacktrace", ExceptionText.Whole(exception), pass);
    }

    private static void AddText(string name, string? text, LogRecordPass pass)
    {
        if (text is null)
        {
            pass.Tally.Drop();
        }
        else
        {
            pass.Tally.Add<TFormat>(OtlpFields.LogAttributes, name, text, ref pass.Budget, pass.Output);
        }
    }

    private static void AddState(IReadOnlyList<KeyValuePair<string, object?>> attributes, bool takesTemplate, LogRecordPass pass)
    {
        try
        {
            int count = attributes.Count;
            int read = Math.Min(count, ValueBudget.MaxElements);
            for (int i = 0; i < read; i++)
            {
                KeyValuePair<string, object?> attribute = attributes[i];
                if (takesTemplate && attribute.Key == LogParts<TFormat>.TemplateName && attribute.Value is string template)
                {
                    pass.Template = template;
                }
                else
                {
                    pass.Tally.Add<TFormat>(OtlpFields.LogAttributes, attribute.Key, attribute.Value, ref pass.Budget, pass.Output);
                }
            }

            pass.Tally.Drop(count - read);
        }
        catch (Exception unread) when (unread is not ThreadInterruptedException)
        {
            pass.Tally.Drop();
        }
    }

    /// <summary>A scope's named values.</summary>
    private static void AddScope(LogRecordScope scope, LogRecordPass pass)
    {
        try
        {
            int left = ValueBudget.MaxElements;
            foreach (KeyValuePair<string, object?> pair in scope)
            {
                if (--left < 0)
                {
                    pass.Tally.Drop();
                    break;
                }

                if (LogParts<TFormat>.IsScopeAttribute(pair.Key))
                {
                    pass.Tally.Add<TFormat>(OtlpFields.LogAttributes, pair.Key, pair.Value, ref pass.Budget, pass.Output);
                }
            }
        }
        catch (Exception unread) when (unread is not ThreadInterruptedException)
        {
            pass.Tally.Drop();
        }
    }
}
