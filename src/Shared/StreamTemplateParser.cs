using System.Text;
using Sink.Core;

namespace S3Journal.Adapters;

/// <summary>Reads a stream template and refuses, at configuration, what could not be a name whatever its tokens stand for.</summary>
internal static class StreamTemplateParser
{
    private const int MaxNameBytes = 256;

    /// <summary>The longest that <see cref="Journal.EncodeStreamSegment"/> makes of a value.</summary>
    private const int MaxValueBytes = 64;

    /// <param name="text">The template.</param>
    /// <param name="example">A template that the front end would take, for a message.</param>
    /// <param name="suffix">What the front end puts behind every name.</param>
    /// <exception cref="JournalException">Not a template.</exception>
    public static List<TemplatePart> Parse(string text, string example, string suffix = "")
    {
        try
        {
            List<TemplatePart> parts = Split(text);
            Check(parts, suffix);
            return parts;
        }
        catch (FormatException mistake)
        {
            throw new JournalException($"Stream \"{text}\" is not usable: {mistake.Message}. Write a name such as \"orders\" or a template such as \"{example}\".") { IsConfiguration = true };
        }
    }

    private static List<TemplatePart> Split(string text)
    {
        List<TemplatePart> parts = [];
        int at = 0;
        while (at < text.Length)
        {
            int brace = text.AsSpan(at).IndexOfAny('{', '}');
            int end = brace < 0 ? text.Length : at + brace;
            if (end > at)
            {
                parts.Add(new(IsToken: false, text[at..end]));
                at = end;
            }
            else
            {
                parts.Add(ParseToken(text, ref at));
            }
        }

        return parts;
    }

    private static TemplatePart ParseToken(string text, ref int at)
    {
        int close = text.IndexOf('}', at + 1);
        if (text[at] == '}' || close < 0)
        {
            throw new FormatException($"the brace at character {at + 1} has no partner");
        }

        string name = text[(at + 1)..close];
        if (name.Length == 0 || !name.All(c => char.IsLetterOrDigit(c) || c is '_' or '.' or '-'))
        {
            throw new FormatException($"\"{{{name}}}\" is not a token: between braces stands a name (letters, digits, '_', '.', '-'), without format or alignment");
        }

        at = close + 1;
        return new(IsToken: true, name);
    }

    private static void Check(List<TemplatePart> parts, string suffix)
    {
        // The core refuses such names too, but only once the journal is open: a mistake must show itself at start in any case.
        // A value is never empty and never "." or "..", so 'x' stands for any.
        string name = string.Concat(parts.Select(static part => part.IsToken ? "x" : part.Text));
        string[] segments = name.Split('/');
        if (segments.Contains(""))
        {
            throw new FormatException("it is empty or has an empty segment; write no '/' at either end and no two together");
        }

        if (segments.Contains(".") || segments.Contains(".."))
        {
            throw new FormatException("it has a segment \".\" or \"..\"");
        }

        if (name.Contains('\\') || name.Any(char.IsControl) || HasLoneSurrogate(name))
        {
            throw new FormatException("it holds a backslash, a control character or half of a surrogate pair");
        }

        int longest = parts.Sum(static part => part.IsToken ? MaxValueBytes : Encoding.UTF8.GetByteCount(part.Text)) + suffix.Length;
        if (longest > MaxNameBytes)
        {
            throw new FormatException($"names could take {longest} bytes of UTF-8, with {MaxValueBytes} for each token; at most {MaxNameBytes} are possible");
        }
    }

    private static bool HasLoneSurrogate(string name)
    {
        for (int i = 0; i < name.Length; i++)
        {
            if (char.IsSurrogate(name[i]) && !(i + 1 < name.Length && char.IsSurrogatePair(name[i], name[++i])))
            {
                return true;
            }
        }

        return false;
    }
}
