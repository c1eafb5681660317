using System.Collections;
using System.Globalization;

namespace Microsoft.Extensions.Logging.S3Journal.Payload;

/// <summary>
/// Any value: single values as such; dictionaries as maps and other collections as arrays, both within an <see cref="ElementBudget"/>, with
/// <c>"..."</c> for what is left out; everything else as its text. A value that throws becomes a text that says so.
/// </summary>
internal static class ObjectValue<TFormat>
    where TFormat : struct, IEntryFormat
{
    private const string More = "...";

    public static void Write(object? value, Utf8Buffer output, ref ElementBudget budget)
    {
        if (EntryScalar<TFormat>.TryWrite(value, output))
        {
            return;
        }

        int begin = output.Length;
        int depth = budget.Depth;
        try
        {
            if (value is not IEnumerable collection)
            {
                WriteText(value!, output);
            }
            else if (++budget.Depth > ElementBudget.MaxDepth)
            {
                TFormat.Text(More, output);
            }
            else
            {
                WriteCollection(collection, output, ref budget);
            }
        }
        catch (Exception exception) when (exception is not ThreadInterruptedException)
        {
            output.Truncate(begin);
            TFormat.Text(ObjectText.Instead(value, exception), output);
        }

        budget.Depth = depth;
    }

    private static void WriteCollection(IEnumerable collection, Utf8Buffer output, ref ElementBudget budget)
    {
        switch (collection)
        {
            case byte[] bytes:
                TFormat.Bytes(bytes, output);
                break;
            case IEnumerable<KeyValuePair<string, object?>> pairs:
                WritePairs(pairs, output, ref budget);
                break;
            case IDictionary dictionary:
                WriteDictionary(dictionary, output, ref budget);
                break;
            default:
                WriteElements(collection, output, ref budget);
                break;
        }
    }

    private static void WriteElements(IEnumerable elements, Utf8Buffer output, ref ElementBudget budget)
    {
        int array = TFormat.BeginArray(output);
        foreach (object? element in elements)
        {
            TFormat.Next(array, output);
            if (!budget.TryTake(output))
            {
                TFormat.Text(More, output);
                break;
            }

            Write(element, output, ref budget);
        }

        TFormat.EndArray(output);
    }

    private static void WritePairs(IEnumerable<KeyValuePair<string, object?>> pairs, Utf8Buffer output, ref ElementBudget budget)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        int map = TFormat.BeginMap(output);
        foreach (KeyValuePair<string, object?> pair in pairs)
        {
            if (!TryWriteMember(pair.Key, pair.Value, names, map, output, ref budget))
            {
                break;
            }
        }

        TFormat.EndMap(output);
    }

    private static void WriteDictionary(IDictionary dictionary, Utf8Buffer output, ref ElementBudget budget)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        int map = TFormat.BeginMap(output);
        foreach (DictionaryEntry entry in dictionary)
        {
            if (!TryWriteMember(ObjectText.Of(entry.Key), entry.Value, names, map, output, ref budget))
            {
                break;
            }
        }

        TFormat.EndMap(output);
    }

    /// <summary>Of members with one name the first counts. False when the map ends here; it says so.</summary>
    private static bool TryWriteMember(string? key, object? value, HashSet<string> names, int map, Utf8Buffer output, ref ElementBudget budget)
    {
        bool isLast = !budget.TryTake(output);
        string name = isLast ? More : ObjectText.OfName(key);
        if (names.Add(name))
        {
            TFormat.Next(map, output);
            TFormat.Name(name, output);
            Write(isLast ? true : value, output, ref budget);
        }

        return !isLast;
    }

    /// <summary>Enumerations and the program's own kinds, without a string on the way where they can do without.</summary>
    private static void WriteText(object value, Utf8Buffer output)
    {
        Span<char> text = stackalloc char[128];
        if (value is ISpanFormattable formattable && formattable.TryFormat(text, out int length, default, CultureInfo.InvariantCulture))
        {
            TFormat.Text(text[..length], output);
        }
        else
        {
            TFormat.Text(value is IFormattable other ? other.ToString(null, CultureInfo.InvariantCulture) : value.ToString(), output);
        }
    }
}
