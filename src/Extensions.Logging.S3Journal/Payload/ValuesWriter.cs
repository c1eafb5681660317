using System.Collections;

namespace Microsoft.Extensions.Logging.S3Journal.Payload;

/// <summary>The named values of an entry as members of its map.</summary>
internal static class ValuesWriter<TFormat>
    where TFormat : struct, IEntryFormat
{
    /// <summary>Every value that counts, the state's first, then the scopes'; each name once.</summary>
    public static void Write(EntryValues values, EntryLiterals<TFormat> literals, int entry, Utf8Buffer output, ref ElementBudget budget)
    {
        values.Hide();
        Write(values.StateFrom, values.Count, values, literals, entry, output, ref budget);
        Write(0, values.StateFrom, values, literals, entry, output, ref budget);
    }

    /// <summary>Small values, for they correlate entries: what is left of an entry that is too large.</summary>
    public static void WriteSmall(EntryValues values, int maxBytes, int entry, Utf8Buffer output)
    {
        values.Hide();
        int limit = output.Length + maxBytes;
        for (int i = 0; i < values.Count; i++)
        {
            KeyValuePair<string, object?> pair = values[i];
            if (values.IsHidden(i) || !IsSmall(pair) || pair.Key is "text" or "exception" or "truncated")
            {
                continue;
            }

            int begin = TFormat.Next(entry, output);
            TFormat.PropertyName(pair.Key, output);
            if (!EntryScalar<TFormat>.TryWrite(pair.Value, output))
            {
                TFormat.Text(ObjectText.Of(pair.Value), output);
            }

            if (output.Length > limit)
            {
                TFormat.TakeBack(entry, begin, output);
            }
        }
    }

    private static void Write(int from, int to, EntryValues values, EntryLiterals<TFormat> literals, int entry, Utf8Buffer output, ref ElementBudget budget)
    {
        for (int i = from; i < to && budget.Allows(output); i++)
        {
            if (!values.IsHidden(i))
            {
                TFormat.Next(entry, output);
                literals.Names.Write(values[i].Key, output);
                ObjectValue<TFormat>.Write(values[i].Value, output, ref budget);
            }
        }
    }

    private static bool IsSmall(KeyValuePair<string, object?> pair)
        => pair.Key.Length <= EntryEncoder.MaxNameChars && pair.Value is null or string { Length: <= EntryEncoder.MaxNameChars } or (ValueType and not IEnumerable);
}
