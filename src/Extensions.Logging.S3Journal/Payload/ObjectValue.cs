using System.Collections;
using System.Globalization;

namespace Microsoft.Extensions.Logging.S3Journal.Payload;

/// <summary>
/// Any value as JSON: single values as such; dictionaries as objects and other collections as arrays, both within an <see cref="ElementBudget"/>, with
/// <c>"..."</c> for what is left out; everything else as its text. A value that throws becomes a text that says so.
/// </summary>
internal static class ObjectValue
{
    private static ReadOnlySpan<byte> More => "\"...\""u8;

    public static void Write(object? value, Utf8Buffer output, ref ElementBudget budget)
    {
        if (JsonScalar.TryWrite(value, output))
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
                output.Write(More);
            }
            else
            {
                WriteCollection(collection, output, ref budget);
            }
        }
        catch (Exception exception) when (exception is not ThreadInterruptedException)
        {
            output.Truncate(begin);
            output.WriteJsonString(ObjectText.Instead(value, exception));
        }

        budget.Depth = depth;
    }

    private static void WriteCollection(IEnumerable collection, Utf8Buffer output, ref ElementBudget budget)
    {
        switch (collection)
        {
            case byte[] bytes:
                output.WriteJsonString(Convert.ToBase64String(bytes));
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
        output.WriteByte((byte)'[');
        bool first = true;
        foreach (object? element in elements)
        {
            output.Write(first ? ""u8 : ","u8);
            first = false;
            if (!budget.TryTake(output))
            {
                output.Write(More);
                break;
            }

            Write(element, output, ref budget);
        }

        output.WriteByte((byte)']');
    }

    private static void WritePairs(IEnumerable<KeyValuePair<string, object?>> pairs, Utf8Buffer output, ref ElementBudget budget)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        output.WriteByte((byte)'{');
        foreach (KeyValuePair<string, object?> pair in pairs)
        {
            if (!TryWriteMember(pair.Key, pair.Value, names, output, ref budget))
            {
                break;
            }
        }

        output.WriteByte((byte)'}');
    }

    private static void WriteDictionary(IDictionary dictionary, Utf8Buffer output, ref ElementBudget budget)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        output.WriteByte((byte)'{');
        foreach (DictionaryEntry entry in dictionary)
        {
            if (!TryWriteMember(ObjectText.Of(entry.Key), entry.Value, names, output, ref budget))
            {
                break;
            }
        }

        output.WriteByte((byte)'}');
    }

    /// <summary>Of members with one name the first counts. False when the object ends here; it says so.</summary>
    private static bool TryWriteMember(string? key, object? value, HashSet<string> names, Utf8Buffer output, ref ElementBudget budget)
    {
        bool isLast = !budget.TryTake(output);
        string name = isLast ? "..." : ObjectText.OfName(key);
        bool isFirst = names.Count == 0;
        if (names.Add(name))
        {
            output.Write(isFirst ? ""u8 : ","u8);
            output.WriteJsonString(name);
            output.WriteByte((byte)':');
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
            output.WriteJsonString(text[..length]);
        }
        else
        {
            output.WriteJsonString(value is IFormattable other ? other.ToString(null, CultureInfo.InvariantCulture) : value.ToString());
        }
    }
}
