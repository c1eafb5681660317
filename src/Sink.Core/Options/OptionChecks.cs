using System.Globalization;
using System.Numerics;

namespace Sink.Core.Options;

/// <summary>Collects every mistake of an options object, so that the user sees them all at once.</summary>
internal sealed class OptionChecks
{
    private readonly List<string> _mistakes = [];

    /// <summary>Notes a mistake: what is wrong, then what to do.</summary>
    public void Add(string option, string mistake) => _mistakes.Add($"- {option}: {mistake}");

    /// <summary>Whether the value stands within its bounds, both allowed.</summary>
    public bool Range<T>(string option, T value, T least, T most)
        where T : INumber<T>
    {
        if (value >= least && value <= most)
        {
            return true;
        }

        Add(option, string.Create(CultureInfo.InvariantCulture, $"is {value:N0}; write {least:N0} to {most:N0}"));
        return false;
    }

    public void Range(string option, TimeSpan value, TimeSpan least, TimeSpan most)
    {
        if (value >= least && value <= most)
        {
            return;
        }

        string hint = "";
        if (value > most && value.Ticks % TimeSpan.TicksPerDay == 0)
        {
            // A bare number in a configuration file: the binder reads days, the writer meant something else.
            long number = value.Ticks / TimeSpan.TicksPerDay;
            hint = string.Create(
                CultureInfo.InvariantCulture,
                $"; \"{number}\" in JSON means {number} days to .NET: write \"{Text(TimeSpan.FromMilliseconds(number))}\" for {number} milliseconds, \"{Text(TimeSpan.FromSeconds(number))}\" for {number} seconds");
        }

        Add(option, $"is {Text(value)}; write {Text(least)} to {Text(most)}{hint}");
    }

    public void Defined<T>(string option, T value)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            Add(option, $"is {value:D}, which has no meaning; write one of {string.Join(", ", Enum.GetNames<T>())}");
        }
    }

    /// <summary>Letters, digits, '_', '.' and '-', usable as a directory's name.</summary>
    public void Name(string option, string value)
    {
        string cleaned = CleanName(value, "");
        if (cleaned.Length == 0)
        {
            Add(option, "holds no letter or digit; write a name, or leave it out to have one found");
        }
        else if (cleaned != value)
        {
            Add(option, $"is not a name of at most {SettingLimits.LongestName} of the characters A-Z a-z 0-9 _ . -; write \"{cleaned}\"");
        }
    }

    /// <exception cref="JournalException">There was a mistake; the message lists them all.</exception>
    public void ThrowIfAny()
    {
        if (_mistakes.Count > 0)
        {
            throw new JournalException("The journal's options cannot be used:" + Environment.NewLine + string.Join(Environment.NewLine, _mistakes)) { IsConfiguration = true };
        }
    }

    /// <summary>The text with other characters than <c>[A-Za-z0-9_.-]</c> as '-', cut at the longest name; <paramref name="fallback"/> when no letter or digit is left.</summary>
    public static string CleanName(string? text, string fallback)
    {
        ReadOnlySpan<char> source = text.AsSpan();
        source = source[..Math.Min(source.Length, SettingLimits.LongestName)];
        Span<char> name = stackalloc char[source.Length];
        bool hasWord = false;
        for (int i = 0; i < source.Length; i++)
        {
            char c = source[i];
            bool isWord = char.IsAsciiLetterOrDigit(c);
            hasWord |= isWord;
            name[i] = isWord || c is '_' or '.' or '-' ? c : '-';
        }

        return hasWord ? new string(name) : fallback;
    }

    /// <summary>As a configuration file writes it, with milliseconds where there are some.</summary>
    private static string Text(TimeSpan value)
    {
        string text = value.ToString("c", CultureInfo.InvariantCulture);
        bool isWhole = value.Ticks % TimeSpan.TicksPerSecond == 0;
        return !isWhole && value.Ticks % TimeSpan.TicksPerMillisecond == 0 ? text[..^4] : text;
    }
}
