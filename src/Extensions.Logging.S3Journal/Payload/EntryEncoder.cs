namespace Microsoft.Extensions.Logging.S3Journal.Payload;

/// <summary>
/// Compact Log Event Format, one JSON document an entry (https://clef-json.org), with the level names of Serilog, so that its readers know them.
/// The category is <c>SourceContext</c>, as Serilog's own provider for this framework has it.
/// </summary>
internal static class EntryEncoder
{
    public const int MaxNameChars = 256;

    /// <summary>Appends the entry; of one larger than <paramref name="maxBytes"/>, which the journal will not take, only so much that it is seen to be larger.</summary>
    public static void Encode(in EntryFacts facts, EntryValues values, int maxBytes, Utf8Buffer output)
    {
        ElementBudget budget = new(maxBytes);
        WriteHead(facts, output);
        if (values.Template is { } template)
        {
            output.Write(",\"@mt\":"u8);
            values.Texts.Write(template, output);
        }

        if (facts.Message is { } message)
        {
            output.Write(",\"@m\":"u8);
            output.WriteJsonString(message);
        }

        if (facts.Exception is { } exception)
        {
            output.Write(",\"@x\":"u8);
            output.WriteJsonString(exception);
        }

        WriteOrigin(facts, values, output);
        values.WriteTo(output, ref budget);
        WriteScopes(values, output, ref budget);
        output.WriteByte((byte)'}');
    }

    /// <summary>What is stored of an entry too large for the journal: time, level, origin, small values, the first 8 KiB of its message and exception, and <c>truncated</c>.</summary>
    public static void EncodeStandIn(in EntryFacts facts, EntryValues values, string message, Utf8Buffer output)
    {
        WriteHead(facts, output);
        if (values.Template is { } template)
        {
            output.Write(",\"@mt\":"u8);
            output.WriteJsonString(TextCut.Of(template));
        }

        output.Write(values.Template is null ? ",\"@m\":"u8 : ",\"text\":"u8);
        output.WriteJsonString(TextCut.Of(message));
        WriteOrigin(facts with { Category = Short(facts.Category)!, EventId = new EventId(facts.EventId.Id, Short(facts.EventId.Name)) }, values, output);
        values.WriteSmallTo(output, TextCut.MaxBytes);
        if (facts.Exception is { } exception)
        {
            output.Write(",\"exception\":"u8);
            output.WriteJsonString(TextCut.Of(exception));
        }

        output.Write(",\"truncated\":true}"u8);
    }

    /// <summary>A comma, the name with its '@' doubled, as the format asks, and the colon.</summary>
    public static void WriteName(string name, Utf8Buffer output)
    {
        output.Write(name.StartsWith('@') ? ",\"@"u8 : ",\""u8);
        output.WriteJsonText(name);
        output.Write("\":"u8);
    }

    private static void WriteHead(in EntryFacts facts, Utf8Buffer output)
    {
        output.Write("{\"@t\":\""u8);
        output.Write(facts.Timestamp.UtcDateTime, "O");
        output.WriteByte((byte)'"');
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
            output.Write(",\"@l\":\""u8);
            output.Write(level);
            output.WriteByte((byte)'"');
        }

        if (facts.TraceId != default)
        {
            output.Write(",\"@tr\":\""u8);
            output.WriteJsonText(facts.TraceId.ToHexString());
            output.WriteByte((byte)'"');
        }

        if (facts.SpanId != default)
        {
            output.Write(",\"@sp\":\""u8);
            output.WriteJsonText(facts.SpanId.ToHexString());
            output.WriteByte((byte)'"');
        }
    }

    /// <summary>Category and event id, unless the program has values of these names.</summary>
    private static void WriteOrigin(in EntryFacts facts, EntryValues values, Utf8Buffer output)
    {
        if (!values.Has("SourceContext"))
        {
            output.Write(",\"SourceContext\":"u8);
            values.Texts.Write(facts.Category, output);
        }

        if ((facts.EventId.Id == 0 && facts.EventId.Name is null) || values.Has("EventId"))
        {
            return;
        }

        output.Write(",\"EventId\":{\"Id\":"u8);
        output.Write(facts.EventId.Id);
        if (facts.EventId.Name is { } name)
        {
            output.Write(",\"Name\":"u8);
            values.Texts.Write(name, output);
        }

        output.WriteByte((byte)'}');
    }

    private static void WriteScopes(EntryValues values, Utf8Buffer output, ref ElementBudget budget)
    {
        if (values.OtherScopes.Count == 0 || values.Has("Scope"))
        {
            return;
        }

        output.Write(",\"Scope\":["u8);
        for (int i = 0; i < values.OtherScopes.Count; i++)
        {
            output.Write(i == 0 ? ""u8 : ","u8);
            ObjectValue.Write(values.OtherScopes[i], output, ref budget);
        }

        output.WriteByte((byte)']');
    }

    private static string? Short(string? name) => name?[..Math.Min(name.Length, MaxNameChars)];
}
