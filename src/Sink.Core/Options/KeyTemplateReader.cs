using System.Buffers;
using System.Globalization;
using System.Text;
using Sink.Core.Delivery;
using Sink.Core.Packing;

namespace Sink.Core.Options;

/// <summary>Takes a key template apart: once, when the options are read.</summary>
internal sealed class KeyTemplateReader
{
    /// <summary>Of <c>{first}</c> and <c>{last}</c> alone.</summary>
    private const string UsualTime = "yyyyMMdd-HHmmss";

    private const string Shard = "{shard}";
    private const string Tokens = "{shard}, {stream}, {date}, {time}, {first}, {last}, {id}, {epoch}, {ordinal}, {prefix}, {suffixes}";

    /// <summary>Segments of a stream's name that can be named: from 0 to 9, and from -1 to -10.</summary>
    private const int MostSegments = 10;

    private readonly List<string> _faults = [];
    private readonly List<KeyPart> _parts = [];
    private readonly StringBuilder _literal = new();
    private string? _dateToken;

    private KeyTemplateReader()
    {
    }

    /// <summary>Of use only when there are no <see cref="Faults"/>.</summary>
    public KeyTemplate Template { get; private set; } = KeyTemplate.Default;

    /// <summary>The format of <c>{date:FORMAT}</c>; null: the option's.</summary>
    public string? DirectoryFormat { get; private set; }

    /// <summary>The zone of <c>{date:FORMAT|ZONE}</c>; null: the option's.</summary>
    public TimeZoneInfo? DirectoryZone { get; private set; }

    /// <summary>What is wrong and what to write, each as the rest of a sentence.</summary>
    public IReadOnlyList<string> Faults => _faults;

    public static KeyTemplateReader Read(string? text)
    {
        KeyTemplateReader reader = new();
        (string? name, string? template) = text switch
        {
            null => (nameof(KeyTemplate.Default), null),
            _ when Is(text, nameof(KeyTemplate.Default)) => (nameof(KeyTemplate.Default), null),
            _ when Is(text, "Hive") => ("Hive", KeyTemplate.HiveText),
            _ when Is(text, "Collector") => ("Collector", KeyTemplate.CollectorText),
            _ => (text, text),
        };
        if (template is not null)
        {
            reader.ReadParts(template);
            reader.Template = new KeyTemplate(name, reader._parts);
        }

        return reader;
    }

    private static bool Is(string text, string preset) => string.Equals(text, preset, StringComparison.OrdinalIgnoreCase);

    private void ReadParts(string text)
    {
        if (!text.Contains('{'))
        {
            _faults.Add($"is \"{text}\"; write Default, Hive, Collector, or a template such as {KeyTemplate.DefaultText}");
            return;
        }

        if (HasBadCharacter(text))
        {
            _faults.Add("has a backslash, a control character, half of a character (a lone surrogate), U+FFFE or U+FFFF; leave it out");
            return;
        }

        // It comes first in every key, or not at all, so it is none of the parts.
        int start = text.StartsWith(Shard + "/", StringComparison.Ordinal) ? Shard.Length + 1 : 0;
        for (int i = start; i < text.Length; i++)
        {
            char c = text[i];
            if (c is not ('{' or '}'))
            {
                _literal.Append(c);
            }
            else if (i + 1 < text.Length && text[i + 1] == c)
            {
                _literal.Append(c);
                i++;
            }
            else if (c == '{' && text.IndexOf('}', i) is > 0 and int end)
            {
                FlushLiteral();
                ReadToken(text[(i + 1)..end]);
                i = end;
            }
            else
            {
                _faults.Add($"has a '{c}' without its partner; write {c}{c} for the character itself");
                return;
            }
        }

        FlushLiteral();
    }

    private static bool HasBadCharacter(string text) =>
        text.Any(static c => char.IsControl(c) || c is '\\' or '\uFFFE' or '\uFFFF') || HasLoneSurrogate(text);

    private static bool HasLoneSurrogate(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out _, out int read) != OperationStatus.Done)
            {
                return true;
            }

            text = text[read..];
        }

        return false;
    }

    private void FlushLiteral()
    {
        if (_literal.Length > 0)
        {
            _parts.Add(new KeyPart(KeyToken.Text) { Text = _literal.ToString() });
            _literal.Clear();
        }
    }

    private void ReadToken(string token)
    {
        int colon = token.IndexOf(':');
        string name = colon < 0 ? token : token[..colon];
        string? format = colon < 0 ? null : token[(colon + 1)..];
        switch (name)
        {
            case "stream":
                ReadStream(format);
                break;
            case "date":
                ReadDate(token, format);
                break;
            case "time":
                ReadTime(KeyToken.Time, token, format);
                break;
            case "first":
                ReadTime(KeyToken.First, token, format ?? UsualTime);
                break;
            case "last":
                ReadTime(KeyToken.Last, token, format ?? UsualTime);
                break;
            case "id":
                ReadPlain(KeyToken.Id, name, format);
                break;
            case "epoch":
                ReadPlain(KeyToken.Epoch, name, format);
                break;
            case "ordinal":
                ReadPlain(KeyToken.Ordinal, name, format);
                break;
            case "prefix":
                ReadPlain(KeyToken.Prefix, name, format);
                break;
            case "suffixes":
                ReadPlain(KeyToken.Suffixes, name, format);
                break;
            case "shard":
                _faults.Add("has {shard} where it cannot be; begin with {shard}/, or leave it out: with Shards it comes first of itself");
                break;
            default:
                _faults.Add($"has the unknown token {{{token}}}; there are {Tokens}");
                break;
        }
    }

    private void ReadPlain(KeyToken token, string name, string? format)
    {
        if (format is not null)
        {
            _faults.Add($"has a format in {{{name}:{format}}}; write {{{name}}}");
        }

        _parts.Add(new KeyPart(token));
    }

    private void ReadStream(string? format)
    {
        const string Encoded = "encoded";
        string range = format ?? "";
        bool isEncoded = range == Encoded || range.EndsWith("|" + Encoded, StringComparison.Ordinal);
        range = range == Encoded ? "" : isEncoded ? range[..^(Encoded.Length + 1)] : range;
        string[] ends = range.Split("..");
        int from = 0;
        int to = -1;
        bool isSound = format is null || (isEncoded && format == Encoded) || (ends.Length switch
        {
            1 => TryReadIndex(ends[0], out from) && TryReadIndex(ends[0], out to),
            2 => (ends[0].Length == 0 || TryReadIndex(ends[0], out from)) && (ends[1].Length == 0 || TryReadIndex(ends[1], out to)) && range.Length > 2 && (from <= to || from >= 0 != to >= 0),
            _ => false,
        });
        if (!isSound)
        {
            _faults.Add($"has {{stream:{format}}}; write {{stream}}, a segment {{stream:0}} or {{stream:-1}}, some {{stream:1..}} or {{stream:0..-2}} (both ends count), or {{stream:encoded}}, {{stream:0|encoded}} for one escaped segment");
        }

        // An omitted end is 0 or -1; TryReadIndex leaves 0 behind only where it failed.
        _parts.Add(new KeyPart(KeyToken.Stream) { Stream = new StreamPart(from, to, isEncoded) });
    }

    private static bool TryReadIndex(string text, out int index) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out index) && index is >= -MostSegments and < MostSegments;

    private void ReadDate(string token, string? format)
    {
        _parts.Add(new KeyPart(KeyToken.Date));
        if (format is null)
        {
            return;
        }

        if (_dateToken is not null && _dateToken != token)
        {
            _faults.Add($"has {{{_dateToken}}} and {{{token}}}, and an object has one date; write one, with text of your own in quotes, such as {{date:'year='yyyy/'month='MM}}, or {{first:...}} for the time of the first entry");
            return;
        }

        _dateToken = token;
        (string text, TimeZoneInfo? zone) = ReadFormat(token, format);
        DirectoryFormat = text;
        DirectoryZone = zone;
    }

    private void ReadTime(KeyToken kind, string token, string? format)
    {
        (string? text, TimeZoneInfo? zone) = format is null ? (null, null) : ReadFormat(token, format);
        _parts.Add(new KeyPart(kind) { Format = text, Zone = zone ?? TimeZoneInfo.Utc });
    }

    private (string Format, TimeZoneInfo? Zone) ReadFormat(string token, string format)
    {
        int bar = format.LastIndexOf('|');
        string text = bar < 0 ? format : format[..bar];
        if (PartitionFormat.Validate(text) is { } fault)
        {
            _faults.Add($"has {{{token}}}, whose format {fault}");
        }

        if (bar < 0)
        {
            return (text, null);
        }

        string zone = format[(bar + 1)..];
        if (PackingSettings.IsZone(zone))
        {
            return (text, TimeZoneInfo.FindSystemTimeZoneById(zone));
        }

        _faults.Add($"has {{{token}}}, and \"{zone}\" is not a time zone of this system; write UTC or a name such as Europe/Berlin (a container image may lack the zones: install tzdata)");
        return (text, null);
    }
}
