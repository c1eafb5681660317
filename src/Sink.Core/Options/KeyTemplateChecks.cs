using System.Globalization;
using System.Text;
using Sink.Core.Delivery;

namespace Sink.Core.Options;

/// <summary>Whether every key that a template can give is one that a store can hold and no other object has.</summary>
internal static class KeyTemplateChecks
{
    /// <summary>What the uploader puts into a key whose object another writer has.</summary>
    private const int BesideBytes = EpochText.Length + 1;

    private const int LongestName = SettingLimits.LongestName;
    private const string LongestPrefix = "traces_";
    private const string LongestSuffix = "separated.eeeeeeeeeeeeeeee.abcdefghijklmno";
    private const int MostSegments = 10;

    /// <summary>Times whose texts are the longest and the shortest of any format: Wednesday in September, Friday in May.</summary>
    private static readonly DateTime _longest = new(2026, 9, 23, 23, 59, 59, DateTimeKind.Utc);
    private static readonly DateTime _shortest = new(2026, 5, 1, 1, 1, 1, DateTimeKind.Utc);

    /// <summary>What is wrong, as the rest of a sentence, and what to write; null when it can be used.</summary>
    public static string? Validate(KeyTemplate template, string directoryFormat, string id) =>
        ValidateEnd(template) ?? ValidateUnique(template) ?? ValidateKeys(template, directoryFormat, id);

    public static int Width(KeyPart part)
    {
        int shortest = Sample(part.Format ?? "HHmmss", _shortest).Length;
        return shortest == Sample(part.Format ?? "HHmmss", _longest).Length ? shortest : -1;
    }

    public static string Sample(KeyPart part) => Sample(part.Format ?? "HHmmss", _longest);

    private static string Sample(string format, DateTime time) => time.ToString(format, CultureInfo.InvariantCulture);

    private static string? ValidateEnd(KeyTemplate template) =>
        template.Parts.Count(static part => part.Token == KeyToken.Suffixes) == 1 && template.Parts[^1].Token == KeyToken.Suffixes
            ? null
            : "does not end with {suffixes}, by which readers know framing and compression; write it last, and once, without a dot before it";

    private static string? ValidateUnique(KeyTemplate template)
    {
        foreach ((KeyToken token, string name) in new[] { (KeyToken.Epoch, "{epoch}"), (KeyToken.Ordinal, "{ordinal}") })
        {
            if (!template.Parts.Any(part => part.Token == token))
            {
                return $"has no {name}, so two objects could get one key; write {{epoch}}-{{ordinal}} before {{suffixes}}";
            }

            if (!KeyLayout.Of(template).IsFound(token))
            {
                return $"has {name} where it cannot be told from its surroundings, so two objects could get one key; write {{epoch}}-{{ordinal}} before {{suffixes}}, or {name} as a segment of the name's own";
            }
        }

        return null;
    }

    private static string? ValidateKeys(KeyTemplate template, string directoryFormat, string id)
    {
        foreach (string stream in Streams())
        {
            string longest = template.Fill(Parts(stream, Sample(directoryFormat, _longest), new string('i', LongestName), LongestPrefix, LongestSuffix));
            if (Encoding.UTF8.GetByteCount(longest) + BesideBytes is > ObjectKey.MaxBytes and int bytes)
            {
                return string.Create(CultureInfo.InvariantCulture, $"can give keys of {bytes} bytes, and {ObjectKey.MaxBytes} are allowed; shorten it");
            }

            string room = longest.Insert(longest.LastIndexOf('/') + 1, new string('b', BesideBytes));
            if (StoreKey.Check(longest) is { } fault || (StoreKey.Check(room) is { } second && (fault = second) is not null))
            {
                return $"can give keys that no store takes: {fault}; shorten it, write a '/' around {{stream}} and its parts or {{stream:encoded}}, no '/' at either end or beside another, and no dot at a segment's beginning";
            }

            string shortest = template.Fill(Parts(stream, Sample(directoryFormat, _shortest), id, "", "bin"));
            if (StoreKey.Check(shortest) is { } other)
            {
                return $"can give keys that no store takes, such as {(shortest.Length > 100 ? "one of a long stream" : shortest)}: {other}; begin and end segments with text or a token that is never empty, and none with a dot";
            }
        }

        return null;
    }

    /// <summary>The short name, and names of all the bytes there may be, with most of them in one segment: each that a template may point at.</summary>
    private static IEnumerable<string> Streams()
    {
        yield return "a";
        for (int before = 0; before < MostSegments; before++)
        {
            for (int behind = 0; behind < MostSegments; behind++)
            {
                int rest = Math.Min(StreamName.MaxBytes - (2 * (before + behind)), StreamName.MaxSegmentBytes);
                yield return string.Concat(Enumerable.Repeat("a/", before)) + new string('x', rest) + string.Concat(Enumerable.Repeat("/a", behind));
            }
        }
    }

    private static ObjectKeyParts Parts(string stream, string date, string id, string prefix, string suffix) => new()
    {
        Shards = 36,
        Stream = stream,
        Partition = date,
        Time = 235959,
        SealedUtcTicks = _longest.Ticks,
        FirstUtcTicks = _longest.Ticks,
        LastUtcTicks = _longest.Ticks,
        Id = id,
        Epoch = "zzzzzz",
        Ordinal = ObjectKey.MaxOrdinal,
        NamePrefix = prefix,
        Suffix = suffix,
    };
}
