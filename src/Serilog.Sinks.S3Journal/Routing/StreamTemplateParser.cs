using System.Text;
using Sink.Core;

namespace Serilog.Sinks.S3Journal.Routing;

/// <summary>Reads a stream template and refuses, at configuration, what could not be a name for every event.</summary>
internal static class StreamTemplateParser
{
    private const int MaxNameBytes = 256;

    /// <summary>The longest that <see cref="Journal.EncodeStreamSegment"/> makes of a value.</summary>
    private const int MaxValueBytes = 64;

    /// <exception cref="JournalException">Not a template.</exception>
    public static StreamTemplate Parse(string text)
    {
        List<StreamTemplatePart> parts = [];
        int at = 0;
        while (at < text.Length)
        {
            int brace = text.AsSpan(at).IndexOfAny('{', '}');
            int end = brace < 0 ? text.Length : at + brace;
            if (end > at)
            {
                parts.Add(new(StreamTemplatePartKind.Literal, text[at..end]));
                at = end;
            }
            else
            {
                parts.Add(ParseToken(text, ref at));
            }
        }

        Check(text, parts);
        return new StreamTemplate([.. parts]);
    }

    private static StreamTemplatePart ParseToken(string text, ref int at)
    {
        int close = text.IndexOf('}', at + 1);
        if (text[at] == '}' || close < 0)
        {
            throw Mistake(text, $"the brace at character {at + 1} has no partner");
        }

        string name = text[(at + 1)..close];
        if (name.Length == 0 || !name.All(c => char.IsLetterOrDigit(c) || c is '_' or '.' or '-'))
        {
            throw Mistake(text, $"\"{{{name}}}\" is not a token: between braces stands the name of a property (letters, digits, '_', '.', '-'), without format or alignment");
        }

        at = close + 1;
        return name == "Level" ? new(StreamTemplatePartKind.Level, name) : new(StreamTemplatePartKind.Property, name);
    }

    private static void Check(string text, List<StreamTemplatePart> parts)
    {
        // The core refuses such names too, but only once the journal is open: a mistake must show itself at start in any case.
        // A value is never empty and never "." or "..", so 'x' stands for any.
        string name = string.Concat(parts.Select(p => p.Kind == StreamTemplatePartKind.Literal ? p.Text : "x"));
        string[] segments = name.Split('/');
        if (segments.Contains(""))
        {
            throw Mistake(text, "it is empty or has an empty segment; write no '/' at either end and no two together");
        }

        if (segments.Contains(".") || segments.Contains(".."))
        {
            throw Mistake(text, "it has a segment \".\" or \"..\"");
        }

        if (name.Contains('\\') || name.Any(char.IsControl) || HasLoneSurrogate(name))
        {
            throw Mistake(text, "it holds a backslash, a control character or half of a surrogate pair");
        }

        int longest = parts.Sum(p => p.Kind == StreamTemplatePartKind.Literal ? Encoding.UTF8.GetByteCount(p.Text) : MaxValueBytes);
        if (longest > MaxNameBytes)
        {
            throw Mistake(text, $"names could take {longest} bytes of UTF-8, with {MaxValueBytes} for each token; at most {MaxNameBytes} are possible");
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

    private static JournalException Mistake(string text, string what)
        => new($"Stream \"{text}\" is not usable: {what}. Write a name such as \"orders\" or a template such as \"{{Application}}/{{Level}}\".") { IsConfiguration = true };
}
