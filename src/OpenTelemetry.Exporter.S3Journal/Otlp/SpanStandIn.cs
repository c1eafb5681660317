using System.Diagnostics;

namespace OpenTelemetry.Exporter.S3Journal.Otlp;

/// <summary>What is stored of a span that is too large for the journal.</summary>
internal static class SpanStandIn<TFormat>
    where TFormat : struct, IOtlpFormat
{
    public static void Write(Activity activity, Utf8Buffer output)
    {
        TFormat.BeginEntry(output);
        int scope = TFormat.BeginMessage(OtlpFields.Scope, output);
        TFormat.Text(OtlpFields.ScopeName, SmallAttribute.Cut(activity.Source.Name), output);
        if (activity.Source.Version is { } version)
        {
            TFormat.Text(OtlpFields.ScopeVersion, SmallAttribute.Cut(version), output);
        }

        TFormat.EndMessage(scope, output);
        int list = TFormat.BeginList(OtlpFields.Spans, output);
        int message = TFormat.BeginElement(OtlpFields.Spans, output);
        SpanParts<TFormat>.WriteHead(activity, TextCut.Of(activity.DisplayName), SmallAttribute.Cut(activity.TraceStateString), output);
        WriteAttributes(activity, output);
        TFormat.EndMessage(message, output);
        TFormat.EndList(list, output);
        TFormat.EndEntry(output);
    }

    private static void WriteAttributes(Activity activity, Utf8Buffer output)
    {
        StandInAttributes<TFormat> kept = StandInAttributes<TFormat>.Begin(OtlpFields.SpanAttributes, output);
        TaggedStatus status = default;
        foreach (ref readonly KeyValuePair<string, object?> tag in activity.EnumerateTagObjects())
        {
            if (!SpanParts<TFormat>.TryTakeStatus(tag, ref status))
            {
                kept.AddSmall(tag.Key, tag.Value);
            }
        }

        kept.End(OtlpFields.SpanDroppedAttributes);
        uint events = 0;
        foreach (ref readonly ActivityEvent _ in activity.EnumerateEvents())
        {
            events++;
        }

        uint links = 0;
        foreach (ref readonly ActivityLink _ in activity.EnumerateLinks())
        {
            links++;
        }

        WriteCount(OtlpFields.SpanDroppedEvents, events, output);
        WriteCount(OtlpFields.SpanDroppedLinks, links, output);
        SpanParts<TFormat>.WriteStatus(activity, status, 0, output);
    }

    private static void WriteCount(OtlpField field, uint count, Utf8Buffer output)
    {
        if (count > 0)
        {
            TFormat.Count(field, count, output);
        }
    }
}
