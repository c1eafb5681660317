using System.Diagnostics;

namespace OpenTelemetry.Exporter.S3Journal.Otlp;

/// <summary>Spans.</summary>
internal static class SpanWriter<TFormat>
    where TFormat : struct, IOtlpFormat
{
    public static void Write(Activity activity, OtlpLimits limits, Utf8Buffer output)
    {
        ValueBudget budget = new(limits.MaxEntryBytes, limits.SpanAttributeValueLength);
        TFormat.BeginEntry(output);
        WriteScope(activity.Source, limits, output);
        int list = TFormat.BeginList(OtlpFields.Spans, output);
        int message = TFormat.BeginElement(OtlpFields.Spans, output);
        SpanParts<TFormat>.WriteHead(activity, activity.DisplayName, activity.TraceStateString, output);
        WriteAttributes(activity, limits, ref budget, output, out TaggedStatus status);
        WriteEvents(activity, limits, ref budget, output);
        WriteLinks(activity, limits, ref budget, output);
        SpanParts<TFormat>.WriteStatus(activity, status, int.MaxValue, output);
        TFormat.EndMessage(message, output);
        TFormat.EndList(list, output);
        if (!string.IsNullOrEmpty(activity.Source.TelemetrySchemaUrl))
        {
            TFormat.Text(OtlpFields.ScopeSchemaUrl, activity.Source.TelemetrySchemaUrl, output);
        }

        TFormat.EndEntry(output);
    }

    private static void WriteScope(ActivitySource source, OtlpLimits limits, Utf8Buffer output)
    {
        int scope = TFormat.BeginMessage(OtlpFields.Scope, output);
        TFormat.Text(OtlpFields.ScopeName, source.Name, output);
        if (source.Version is { } version)
        {
            TFormat.Text(OtlpFields.ScopeVersion, version, output);
        }

        if (source.Tags is { } tags)
        {
            WriteScopeAttributes(tags, limits, output);
        }

        TFormat.EndMessage(scope, output);
    }

    private static void WriteScopeAttributes(IEnumerable<KeyValuePair<string, object?>> tags, OtlpLimits limits, Utf8Buffer output)
    {
        ValueBudget budget = new(limits.MaxEntryBytes, limits.AttributeValueLength);
        AttributeTally tally = new(limits.AttributeCount);
        int list = TFormat.BeginList(OtlpFields.ScopeAttributes, output);
        if (tags is IReadOnlyList<KeyValuePair<string, object?>> indexed)
        {
            for (int i = 0; i < indexed.Count; i++)
            {
                KeyValuePair<string, object?> tag = indexed[i];
                tally.Add<TFormat>(OtlpFields.ScopeAttributes, tag.Key, tag.Value, ref budget, output);
            }
        }
        else
        {
            foreach (KeyValuePair<string, object?> tag in tags)
            {
                tally.Add<TFormat>(OtlpFields.ScopeAttributes, tag.Key, tag.Value, ref budget, output);
            }
        }

        TFormat.EndList(list, output);
        tally.WriteDropped<TFormat>(OtlpFields.ScopeDroppedAttributes, output);
    }

    private static void WriteAttributes(Activity activity, OtlpLimits limits, ref ValueBudget budget, Utf8Buffer output, out TaggedStatus status)
    {
        AttributeTally tally = new(limits.SpanAttributeCount);
        status = default;
        int list = TFormat.BeginList(OtlpFields.SpanAttributes, output);
        foreach (ref readonly KeyValuePair<string, object?> tag in activity.EnumerateTagObjects())
        {
            if (!SpanParts<TFormat>.TryTakeStatus(tag, ref status))
            {
                tally.Add<TFormat>(OtlpFields.SpanAttributes, tag.Key, tag.Value, ref budget, output);
            }
        }

        TFormat.EndList(list, output);
        tally.WriteDropped<TFormat>(OtlpFields.SpanDroppedAttributes, output);
    }

    private static void WriteEvents(Activity activity, OtlpLimits limits, ref ValueBudget budget, Utf8Buffer output)
    {
        int written = 0;
        uint dropped = 0;
        int list = TFormat.BeginList(OtlpFields.SpanEvents, output);
        foreach (ref readonly ActivityEvent entry in activity.EnumerateEvents())
        {
            if (written == limits.SpanEventCount || !budget.Allows(output))
            {
                dropped++;
                continue;
            }

            AttributeTally tally = new(limits.EventAttributeCount);
            int element = TFormat.BeginElement(OtlpFields.SpanEvents, output);
            TFormat.Time(OtlpFields.EventTime, UnixTime.Of(entry.Timestamp), output);
            TFormat.Text(OtlpFields.EventName, entry.Name, output);
            int attributes = TFormat.BeginList(OtlpFields.EventAttributes, output);
            foreach (ref readonly KeyValuePair<string, object?> tag in entry.EnumerateTagObjects())
            {
                tally.Add<TFormat>(OtlpFields.EventAttributes, tag.Key, tag.Value, ref budget, output);
            }

            TFormat.EndList(attributes, output);
            tally.WriteDropped<TFormat>(OtlpFields.EventDroppedAttributes, output);
            TFormat.EndMessage(element, output);
            written++;
        }

        TFormat.EndList(list, output);
        if (dropped > 0)
        {
            TFormat.Count(OtlpFields.SpanDroppedEvents, dropped, output);
        }
    }

    private static void WriteLinks(Activity activity, OtlpLimits limits, ref ValueBudget budget, Utf8Buffer output)
    {
        int written = 0;
        uint dropped = 0;
        int list = TFormat.BeginList(OtlpFields.SpanLinks, output);
        foreach (ref readonly ActivityLink link in activity.EnumerateLinks())
        {
            if (written == limits.SpanLinkCount || !budget.Allows(output))
            {
                dropped++;
                continue;
            }

            int element = TFormat.BeginElement(OtlpFields.SpanLinks, output);
            WriteLink(link, limits, ref budget, output);
            TFormat.EndMessage(element, output);
            written++;
        }

        TFormat.EndList(list, output);
        if (dropped > 0)
        {
            TFormat.Count(OtlpFields.SpanDroppedLinks, dropped, output);
        }
    }

    private static void WriteLink(in ActivityLink link, OtlpLimits limits, ref ValueBudget budget, Utf8Buffer output)
    {
        ActivityContext context = link.Context;
        IdWriter<TFormat>.Write(OtlpFields.LinkTraceId, context.TraceId, output);
        IdWriter<TFormat>.Write(OtlpFields.LinkSpanId, context.SpanId, output);
        if (context.TraceState is { } traceState)
        {
            TFormat.Text(OtlpFields.LinkTraceState, traceState, output);
        }

        AttributeTally tally = new(limits.LinkAttributeCount);
        int attributes = TFormat.BeginList(OtlpFields.LinkAttributes, output);
        foreach (ref readonly KeyValuePair<string, object?> tag in link.EnumerateTagObjects())
        {
            tally.Add<TFormat>(OtlpFields.LinkAttributes, tag.Key, tag.Value, ref budget, output);
        }

        TFormat.EndList(attributes, output);
        tally.WriteDropped<TFormat>(OtlpFields.LinkDroppedAttributes, output);
        SpanParts<TFormat>.WriteFlags(OtlpFields.LinkFlags, context.TraceFlags, context.IsRemote, output);
    }
}
