using System.Diagnostics;

namespace OpenTelemetry.Exporter.S3Journal.Otlp;

/// <summary>What a span and its stand-in have in common.</summary>
internal static class SpanParts<TFormat>
    where TFormat : struct, IOtlpFormat
{
    // Of a span's and a link's flags: the lowest byte is W3C's, and these tell where the context came from.
    private const uint KnowsWhetherRemote = 0x100;
    private const uint IsRemote = 0x200;

    private const string StatusCodeTag = "otel.status_code";
    private const string StatusDescriptionTag = "otel.status_description";

    public static void WriteHead(Activity activity, ReadOnlySpan<char> name, ReadOnlySpan<char> traceState, Utf8Buffer output)
    {
        IdWriter<TFormat>.Write(OtlpFields.SpanTraceId, activity.TraceId, output);
        IdWriter<TFormat>.Write(OtlpFields.SpanId, activity.SpanId, output);
        if (activity.TraceStateString is not null)
        {
            TFormat.Text(OtlpFields.SpanTraceState, traceState, output);
        }

        if (activity.ParentSpanId != default)
        {
            IdWriter<TFormat>.Write(OtlpFields.SpanParentId, activity.ParentSpanId, output);
        }

        WriteFlags(OtlpFields.SpanFlags, activity.ActivityTraceFlags, activity.HasRemoteParent, output);
        TFormat.Text(OtlpFields.SpanName, name, output);
        TFormat.Count(OtlpFields.SpanKind, (uint)activity.Kind + 1, output);
        ulong start = UnixTime.Of(activity.StartTimeUtc);
        TFormat.Time(OtlpFields.SpanStart, start, output);
        TFormat.Time(OtlpFields.SpanEnd, unchecked(start + UnixTime.Nanoseconds(activity.Duration)), output);
    }

    public static void WriteFlags(OtlpField field, ActivityTraceFlags flags, bool isRemote, Utf8Buffer output)
        => TFormat.Flags(field, ((uint)flags & 0xff) | KnowsWhetherRemote | (isRemote ? IsRemote : 0), output);

    /// <summary>Takes those two tags that older instrumentation sets as the status; they are no attributes then.</summary>
    public static bool TryTakeStatus(in KeyValuePair<string, object?> tag, ref TaggedStatus status)
    {
        switch (tag.Key)
        {
            case StatusCodeTag:
                status.Code = CodeOf(tag.Value as string);
                return true;
            case StatusDescriptionTag:
                status.Description = tag.Value as string;
                return true;
            default:
                return false;
        }
    }

    /// <summary>The activity's own status counts before the one of its tags. Only an error has a message.</summary>
    public static void WriteStatus(Activity activity, in TaggedStatus tagged, int maxMessageLength, Utf8Buffer output)
    {
        bool isOwn = activity.Status != ActivityStatusCode.Unset;
        if (!isOwn && tagged.Code is null)
        {
            return;
        }

        ActivityStatusCode code = isOwn ? activity.Status : tagged.Code!.Value;
        string? text = isOwn ? activity.StatusDescription : tagged.Description;
        int status = TFormat.BeginMessage(OtlpFields.SpanStatus, output);
        if (code == ActivityStatusCode.Error && text is not null)
        {
            TFormat.Text(OtlpFields.StatusMessage, text.Length <= maxMessageLength ? text : TextCut.Of(text), output);
        }

        if (code != ActivityStatusCode.Unset)
        {
            TFormat.Count(OtlpFields.StatusCode, (uint)code, output);
        }

        TFormat.EndMessage(status, output);
    }

    private static ActivityStatusCode? CodeOf(string? text)
        => string.Equals(text, "UNSET", StringComparison.OrdinalIgnoreCase) ? ActivityStatusCode.Unset
            : string.Equals(text, "ERROR", StringComparison.OrdinalIgnoreCase) ? ActivityStatusCode.Error
            : string.Equals(text, "OK", StringComparison.OrdinalIgnoreCase) ? ActivityStatusCode.Ok
            : null;
}
