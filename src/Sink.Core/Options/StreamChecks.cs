using System.Globalization;
using Sink.Core.Delivery;
using Sink.Core.Packing;
using Sink.Core.Payloads;

namespace Sink.Core.Options;

/// <summary>Checks the options of a stream against the journal's, and makes its definition.</summary>
internal static class StreamChecks
{
    /// <summary>The definition; null for a stream as the journal's own settings make it.</summary>
    /// <exception cref="JournalException">Lists every mistake.</exception>
    public static StreamDefinition? Define(StreamOptions options, JournalSettings settings)
    {
        OptionChecks checks = new();
        checks.Defined(nameof(StreamOptions.Framing), options.Framing);
        if (!ObjectMetadata.IsToken(options.Encoding ?? ""))
        {
            checks.Add(nameof(StreamOptions.Encoding), $"is \"{options.Encoding}\"; write a name of 1 to {ObjectMetadata.LongestToken} letters, digits, '-', '_', '.' and '+'");
        }

        CheckFraming(options, settings, checks);
        if (options.DirectoryFormat is { } format && PartitionFormat.Validate(format) is { } fault)
        {
            checks.Add(nameof(StreamOptions.DirectoryFormat), fault);
        }
        else if (options.DirectoryFormat is { } date && KeyTemplateChecks.Validate(settings.KeyTemplate, date, settings.Id) is { } reason)
        {
            checks.Add(nameof(StreamOptions.DirectoryFormat), $"does not go with the journal's KeyTemplate, which then {reason}");
        }

        if (options.DirectoryTimeZone is { } zone && (options.DirectoryFormat is null || !PackingSettings.IsZone(zone)))
        {
            checks.Add(
                nameof(StreamOptions.DirectoryTimeZone),
                options.DirectoryFormat is null ? "is that of DirectoryFormat; write both, or neither" : $"\"{zone}\" is not a time zone of this system; write UTC or a name such as Europe/Berlin");
        }

        CheckLimits(options, settings, checks);
        checks.ThrowIfAny();
        StreamDefinition definition = new()
        {
            Framing = NameOf(options.Framing),
            Encoding = options.Encoding!,
            DirectoryFormat = options.DirectoryFormat,
            TimeZone = options.DirectoryFormat is null ? null : options.DirectoryTimeZone ?? settings.DirectoryTimeZone.Id,
            MaxObjectBytes = options.MaxObjectBytes,
            MaxObjectEntries = options.MaxObjectEntries,
            MaxObjectAge = options.MaxObjectAge,
            Header = options.Header.ToArray(),
        };
        CheckLength(definition, settings);
        return definition == _default ? null : definition;
    }

    /// <summary>The stream, when it was opened with the same definition.</summary>
    /// <exception cref="JournalException">It was opened with another.</exception>
    public static JournalStream Same(JournalStream stream, StreamDefinition? definition)
    {
        StreamDefinition first = stream.Definition ?? _default;
        StreamDefinition second = definition ?? _default;
        if (first == second)
        {
            return stream;
        }

        List<string> differences = [];
        Compare(nameof(StreamOptions.Framing), first.Framing, second.Framing);
        Compare(nameof(StreamOptions.Encoding), first.Encoding, second.Encoding);
        Compare(nameof(StreamOptions.DirectoryFormat), first.DirectoryFormat, second.DirectoryFormat);
        Compare(nameof(StreamOptions.DirectoryTimeZone), first.TimeZone, second.TimeZone);
        Compare(nameof(StreamOptions.MaxObjectBytes), Text(first.MaxObjectBytes), Text(second.MaxObjectBytes));
        Compare(nameof(StreamOptions.MaxObjectEntries), Text(first.MaxObjectEntries), Text(second.MaxObjectEntries));
        Compare(nameof(StreamOptions.MaxObjectAge), Text(first.MaxObjectAge), Text(second.MaxObjectAge));
        if (!first.Header.AsSpan().SequenceEqual(second.Header))
        {
            differences.Add($"- {nameof(StreamOptions.Header)}: of {first.Header.Length} and of {second.Header.Length} bytes, not the same");
        }

        throw new JournalException($"The stream \"{stream.Name}\" is open with other options; use the same, or another stream:" + Environment.NewLine + string.Join(Environment.NewLine, differences)) { IsConfiguration = true };

        void Compare(string option, string? one, string? other)
        {
            if (one != other)
            {
                differences.Add($"- {option}: {one ?? "not set"} and {other ?? "not set"}");
            }
        }
    }

    private static readonly StreamDefinition _default = new() { Framing = NdjsonFraming.FramingName, Encoding = StreamForm.DefaultEncoding };

    private static void CheckFraming(StreamOptions options, JournalSettings settings, OptionChecks checks)
    {
        bool isOtlp = options.Framing != StreamFraming.Ndjson;
        if (isOtlp && OtlpSignal.Find(options.Encoding ?? "") is null)
        {
            checks.Add(nameof(StreamOptions.Encoding), $"is \"{options.Encoding}\"; {options.Framing} needs {OtlpSignal.Logs.Encoding} or {OtlpSignal.Traces.Encoding}");
        }

        if (!isOtlp && options.Header.Length > 0)
        {
            checks.Add(nameof(StreamOptions.Header), $"is set, and {options.Framing} has no place for one");
        }

        if (options.Header.Length > StreamDefinition.MaxHeaderBytes)
        {
            checks.Add(nameof(StreamOptions.Header), string.Create(CultureInfo.InvariantCulture, $"has {options.Header.Length:N0} bytes; at most {StreamDefinition.MaxHeaderBytes:N0} are possible"));
        }

        bool isReadable = settings.Compressor is null && settings.Compression is Compression.None or Compression.Gzip or Compression.Zstd;
        if (options.Framing is StreamFraming.OtlpJson or StreamFraming.OtlpProtobuf && !isReadable)
        {
            checks.Add(
                nameof(StreamOptions.Framing),
                $"{options.Framing} is for the Collector's S3 receiver, which reads .gz, .zst and what is not compressed, and passes over all else: the journal's Compression is {settings.Compressor?.Kind.Name ?? settings.Compression.ToString()}; write Zstd, Gzip or None");
        }
    }

    private static void CheckLimits(StreamOptions options, JournalSettings settings, OptionChecks checks)
    {
        if (options.MaxObjectBytes is { } bytes)
        {
            // More than the journal's would not fit into the space that packing keeps on a full disk.
            checks.Range(nameof(StreamOptions.MaxObjectBytes), bytes, SettingLimits.SmallestObjectBytes, settings.MaxObjectBytes);
        }

        if (options.MaxObjectEntries is { } entries)
        {
            checks.Range(nameof(StreamOptions.MaxObjectEntries), entries, 1, long.MaxValue);
        }

        if (options.MaxObjectAge is { } age)
        {
            checks.Range(nameof(StreamOptions.MaxObjectAge), age, SettingLimits.ShortestObjectAge, SettingLimits.LongestObjectAge);
        }
    }

    private static string? Text<T>(T? value) => Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : null;

    private static void CheckLength(StreamDefinition definition, JournalSettings settings)
    {
        int length = definition.Encode().Length;
        if (length > settings.MaxEntryBytes)
        {
            throw new JournalException(string.Create(
                CultureInfo.InvariantCulture,
                $"The options of the stream take {length:N0} bytes of the log, and an entry there has at most MaxEntryBytes ({settings.MaxEntryBytes:N0}): raise it, or shorten the Header."))
            { IsConfiguration = true };
        }
    }

    private static string NameOf(StreamFraming framing) => framing switch
    {
        StreamFraming.OtlpJsonLines => OtlpJsonFraming.LinesName,
        StreamFraming.OtlpJson => OtlpJsonFraming.DocumentName,
        StreamFraming.OtlpProtobuf => OtlpProtobufFraming.FramingName,
        _ => NdjsonFraming.FramingName,
    };
}
