namespace Microsoft.Extensions.Logging.S3Journal.Payload;

/// <summary>
/// Compact Log Event Format, one document an entry (https://clef-json.org), with the level names of Serilog, so that its readers know them.
/// The category is <c>SourceContext</c>, as Serilog's own provider for this framework has it.
/// </summary>
internal sealed class FormatEncoder<TFormat> : EntryEncoder
    where TFormat : struct, IEntryFormat
{
    public override void Encode(in EntryFacts facts, EntryValues values, int maxBytes, Utf8Buffer output)
    {
        ElementBudget budget = new(maxBytes);
        EntryLiterals<TFormat> literals = EntryLiterals<TFormat>.OfThread;
        int entry = WriteHead(facts, output);
        if (values.Template is { } template)
        {
            TFormat.Member(entry, "@mt"u8, output);
            literals.Texts.Write(template, output);
        }

        if (facts.Message is { } message)
        {
            TFormat.Member(entry, "@m"u8, output);
            TFormat.Text(message, output);
        }

        if (facts.Exception is { } exception)
        {
            TFormat.Member(entry, "@x"u8, output);
            TFormat.Text(exception, output);
        }

        WriteOrigin(facts, values, entry, output);
        ValuesWriter<TFormat>.Write(values, literals, entry, output, ref budget);
        WriteScopes(values, entry, output, ref budget);
        TFormat.EndMap(output);
    }

    public override void EncodeStandIn(in EntryFacts facts, EntryValues values, string message, Utf8Buffer output)
    {
        int entry = WriteHead(facts, output);
        if (values.Template is { } template)
        {
            TFormat.Member(entry, "@mt"u8, output);
            TFormat.Text(TextCut.Of(template), output);
        }

        TFormat.Member(entry, values.Template is null ? "@m"u8 : "text"u8, output);
        TFormat.Text(TextCut.Of(message), output);
        WriteOrigin(facts with { Category = Short(facts.Category)!, EventId = new EventId(facts.EventId.Id, Short(facts.EventId.Name)) }, values, entry, output);
        ValuesWriter<TFormat>.WriteSmall(values, TextCut.MaxBytes, entry, output);
        if (facts.Exception is { } exception)
        {
            TFormat.Member(entry, "exception"u8, output);
            TFormat.Text(TextCut.Of(exception), output);
        }

        TFormat.Member(entry, "truncated"u8, output);
        TFormat.Bool(true, output);
        TFormat.EndMap(output);
    }

    private static int WriteHead(in EntryFacts facts, Utf8Buffer output)
    {
        int entry = TFormat.BeginMap(output);
        TFormat.Member(entry, "@t"u8, output);
        TFormat.Text(facts.Timestamp.UtcDateTime, "O", output);
        ReadOnlySpan<byte> level = facts.Level switch
        {
            LogLevel.Trace => "Verbose"u8,
            LogLevel.Debug => "Debug"u8,
            LogLevel.Information => default,
            LogLevel.Warning => "Warning"u8,
            LogLevel.Error => "Error"u8,
            _ => "Fatal"u8,
        };
        if (!level.IsEmpty)
        {
            TFormat.Member(entry, "@l"u8, output);
            TFormat.Text(level, output);
        }

        if (facts.TraceId != default)
        {
            TFormat.Member(entry, "@tr"u8, output);
            TFormat.Text(facts.TraceId.ToHexString(), output);
        }

        if (facts.SpanId != default)
        {
            TFormat.Member(entry, "@sp"u8, output);
            TFormat.Text(facts.SpanId.ToHexString(), output);
        }

        return entry;
    }

    /// <summary>Category and event id, unless the program has values of these names.</summary>
    private static void WriteOrigin(in EntryFacts facts, EntryValues values, int entry, Utf8Buffer output)
    {
        LiteralCache texts = EntryLiterals<TFormat>.OfThread.Texts;
        if (!values.Has("SourceContext"))
        {
            TFormat.Member(entry, "SourceContext"u8, output);
            texts.Write(facts.Category, output);
        }

        if ((facts.EventId.Id == 0 && facts.EventId.Name is null) || values.Has("EventId"))
        {
            return;
        }

        TFormat.Member(entry, "EventId"u8, output);
        int id = TFormat.BeginMap(output);
        TFormat.Member(id, "Id"u8, output);
        TFormat.Integer((long)facts.EventId.Id, output);
        if (facts.EventId.Name is { } name)
        {
            TFormat.Member(id, "Name"u8, output);
            texts.Write(name, output);
        }

        TFormat.EndMap(output);
    }

    private static void WriteScopes(EntryValues values, int entry, Utf8Buffer output, ref ElementBudget budget)
    {
        if (values.OtherScopes.Count == 0 || values.Has("Scope"))
        {
            return;
        }

        TFormat.Member(entry, "Scope"u8, output);
        int scopes = TFormat.BeginArray(output);
        for (int i = 0; i < values.OtherScopes.Count; i++)
        {
            TFormat.Next(scopes, output);
            ObjectValue<TFormat>.Write(values.OtherScopes[i], output, ref budget);
        }

        TFormat.EndArray(output);
    }

    private static string? Short(string? name) => name?[..Math.Min(name.Length, MaxNameChars)];
}
