using System.Collections;
using System.Globalization;

namespace OpenTelemetry.Exporter.S3Journal.Otlp;

/// <summary>
/// KeyValues: attributes, and the members of maps. A value that has no text or throws costs its own KeyValue; an interrupt of the thread is not its own, and goes on.
/// </summary>
internal static class PairWriter<TFormat>
    where TFormat : struct, IOtlpFormat
{
    /// <summary>False when the value cannot be written; nothing of the pair is left then.</summary>
    public static bool TryWrite(OtlpField field, string? key, object? value, ref ValueBudget budget, Utf8Buffer output)
    {
        int begin = output.Length;
        int depth = budget.Depth;
        try
        {
            int pair = TFormat.BeginElement(field, output);
            TFormat.Text(OtlpFields.Key, key, output);
            int any = TFormat.BeginMessage(OtlpFields.Value, output);
            if (ScalarWriter<TFormat>.TryWrite(value, budget, output) || TryWriteOther(value!, ref budget, output))
            {
                TFormat.EndMessage(any, output);
                TFormat.EndMessage(pair, output);
                return true;
            }
        }
        catch (Exception exception) when (exception is not ThreadInterruptedException)
        {
        }

        budget.Depth = depth;
        output.Truncate(begin);
        return false;
    }

    private static bool TryWriteOther(object value, ref ValueBudget budget, Utf8Buffer output)
    {
        switch (value)
        {
            // Before maps, for these are quicker to tell, and none of them is one.
            case ulong or decimal or Guid or DateTime or DateTimeOffset or TimeSpan or Enum:
                return ScalarWriter<TFormat>.TryWriteText(value, budget, output);
            case IEnumerable<KeyValuePair<string, object?>>:
                return TryWriteMap(value, ref budget, output);
            case Array array:
                ArrayWriter<TFormat>.Write(array, budget, output);
                return true;
            case IEnumerable<KeyValuePair<string, string?>> or IDictionary:
                return TryWriteMap(value, ref budget, output);
            default:
                return ScalarWriter<TFormat>.TryWriteText(value, budget, output);
        }
    }

    private static bool TryWriteMap(object value, ref ValueBudget budget, Utf8Buffer output)
    {
        if (budget.Depth == ValueBudget.MaxDepth)
        {
            ScalarWriter<TFormat>.WriteText(Convert.ToString(value, CultureInfo.InvariantCulture), budget, output);
            return true;
        }

        budget.Depth++;
        int map = TFormat.BeginMessage(OtlpFields.KeyValueList, output);
        int list = TFormat.BeginList(OtlpFields.Values, output);
        bool hasEnd = value switch
        {
            // Its own enumerator, and the index, are no objects; through the interface each would be one.
            Dictionary<string, object?> dictionary => TryWriteDictionary(dictionary, ref budget, output),
            IReadOnlyList<KeyValuePair<string, object?>> pairs => TryWriteList(pairs, ref budget, output),
            IEnumerable<KeyValuePair<string, object?>> pairs => TryWritePairs(pairs, ref budget, output),
            IEnumerable<KeyValuePair<string, string?>> pairs => TryWriteTexts(pairs, ref budget, output),
            _ => TryWriteEntries((IDictionary)value, ref budget, output),
        };
        TFormat.EndList(list, output);
        TFormat.EndMessage(map, output);
        budget.Depth--;
        return hasEnd;
    }

    private static bool TryWriteDictionary(Dictionary<string, object?> pairs, ref ValueBudget budget, Utf8Buffer output)
    {
        foreach (KeyValuePair<string, object?> pair in pairs)
        {
            if (!TryWriteMember(pair.Key, pair.Value, ref budget, output))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryWriteList(IReadOnlyList<KeyValuePair<string, object?>> pairs, ref ValueBudget budget, Utf8Buffer output)
    {
        for (int i = 0; i < pairs.Count; i++)
        {
            KeyValuePair<string, object?> pair = pairs[i];
            if (!TryWriteMember(pair.Key, pair.Value, ref budget, output))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryWritePairs(IEnumerable<KeyValuePair<string, object?>> pairs, ref ValueBudget budget, Utf8Buffer output)
    {
        foreach (KeyValuePair<string, object?> pair in pairs)
        {
            if (!TryWriteMember(pair.Key, pair.Value, ref budget, output))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryWriteTexts(IEnumerable<KeyValuePair<string, string?>> pairs, ref ValueBudget budget, Utf8Buffer output)
    {
        foreach (KeyValuePair<string, string?> pair in pairs)
        {
            if (!TryWriteMember(pair.Key, pair.Value, ref budget, output))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryWriteEntries(IDictionary entries, ref ValueBudget budget, Utf8Buffer output)
    {
        foreach (DictionaryEntry entry in entries)
        {
            string? key = entry.Key as string ?? Convert.ToString(entry.Key, CultureInfo.InvariantCulture);
            if (key is not null && !TryWriteMember(key, entry.Value, ref budget, output))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// False when the map has more members than any that ends. One that cannot be written is left out, and so is one beyond the entry's size: its
    /// stand-in will be written.
    /// </summary>
    private static bool TryWriteMember(string? key, object? value, ref ValueBudget budget, Utf8Buffer output)
    {
        if (!budget.TryTakeElement())
        {
            return false;
        }

        if (budget.Allows(output))
        {
            TryWrite(OtlpFields.Values, key, value, ref budget, output);
        }

        return true;
    }
}
