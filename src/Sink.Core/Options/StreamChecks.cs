using System.Globalization;
using System.Text;
using System.Text.Json;
using Sink.Core.Compressing;
using Sink.Core.Delivery;
using Sink.Core.Packing;
using Sink.Core.Payloads;

namespace Sink.Core.Options;

/// <summary>Checks the options of a stream against the journal's, and makes its definition.</summary>
internal sealed class StreamChecks(OptionChecks checks, string prefix)
{
    private static readonly StreamDefinition _default = new() { Framing = NdjsonFraming.FramingName, Encoding = StreamForm.DefaultEncoding };

    private const string UsualDelimiter = "\n";

    /// <summary>Of the journal: more would not fit into the space that packing keeps on a full disk.</summary>
    public required long MostObjectBytes { get; init; }

    /// <summary>What the journal's objects are compressed with; null when that is itself a mistake.</summary>
    public required FrameKind? JournalKind { get; init; }

    public required Func<Compression, bool> HasCompression { get; init; }

    /// <summary>The options of a stream of that name where its first user says nothing.</summary>
    public static StreamOptions ByRules(string name, JournalSettings settings) =>
        settings.Streams.FirstOrDefault(rule => StreamPattern.Matches(rule.Match, name)) ?? new StreamOptions();

    /// <summary>The definition; null for a stream as the journal's own settings make it.</summary>
    /// <exception cref="JournalException">Lists every mistake.</exception>
    public static StreamDefinition? Define(StreamOptions options, JournalSettings settings)
    {
        OptionChecks checks = new();
        new StreamChecks(checks, "") { MostObjectBytes = settings.MaxObjectBytes, JournalKind = settings.Kind, HasCompression = settings.HasCompression }.Check(options);
        checks.ThrowIfAny();
        string encoding = EncodingOf(options);
        StreamFraming framing = options.Framing ?? NaturalOf(encoding);
        StreamDefinition definition = new()
        {
            Framing = NameOf(framing),
            Encoding = encoding,
            Delimiter = HasDelimiter(framing) ? Encoding.UTF8.GetBytes(options.Delimiter ?? UsualDelimiter) : [],
            DirectoryFormat = options.DirectoryFormat,
            TimeZone = options.DirectoryFormat is null ? null : options.DirectoryTimeZone ?? settings.DirectoryTimeZone.Id,
            Compression = options.Compression,
            CompressionLevel = options.Compression is { } own ? options.CompressionLevel ?? Compressors.Levels(own)?.Usual ?? 0 : 0,
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
        Compare(nameof(StreamOptions.Delimiter), Shown(first.Delimiter), Shown(second.Delimiter));
        Compare(nameof(StreamOptions.DirectoryFormat), first.DirectoryFormat, second.DirectoryFormat);
        Compare(nameof(StreamOptions.DirectoryTimeZone), first.TimeZone, second.TimeZone);
        Compare(nameof(StreamOptions.Compression), Text(first.Compression), Text(second.Compression));
        Compare(nameof(StreamOptions.CompressionLevel), Text(first.CompressionLevel), Text(second.CompressionLevel));
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

    /// <summary>Notes every mistake.</summary>
    public void Check(StreamOptions options)
    {
        string encoding = EncodingOf(options);
        if (!ObjectMetadata.IsToken(encoding))
        {
            Add(nameof(StreamOptions.Encoding), $"is \"{encoding}\"; write a name of 1 to {ObjectMetadata.LongestToken} letters, digits, '-', '_', '.' and '+'");
        }

        CheckCompression(options);
        CheckFraming(options, options.Framing ?? NaturalOf(encoding), encoding);
        if (options.DirectoryFormat is { } format && PartitionFormat.Validate(format) is { } fault)
        {
            Add(nameof(StreamOptions.DirectoryFormat), fault);
        }

        if (options.DirectoryTimeZone is { } zone && (options.DirectoryFormat is null || !PackingSettings.IsZone(zone)))
        {
            Add(
                nameof(StreamOptions.DirectoryTimeZone),
                options.DirectoryFormat is null ? "is that of DirectoryFormat; write both, or neither" : $"\"{zone}\" is not a time zone of this system; write UTC or a name such as Europe/Berlin");
        }

        CheckLimits(options);
    }

    private static string EncodingOf(StreamOptions options) => options.Encoding ?? (options.Framing == StreamFraming.EventbufV2 ? EventbufFraming.Encoding : StreamForm.DefaultEncoding);

    private static StreamFraming NaturalOf(string encoding) => encoding switch
    {
        StreamForm.DefaultEncoding => StreamFraming.Ndjson,
        MessagePackScan.Encoding => StreamFraming.Concatenated,
        EventbufFraming.Encoding => StreamFraming.EventbufV2,
        _ => StreamFraming.Length,
    };

    private static bool HasDelimiter(StreamFraming framing) => framing is StreamFraming.Delimited or StreamFraming.Separated;

    private void Add(string option, string mistake) => checks.Add(prefix + option, mistake);

    private void CheckFraming(StreamOptions options, StreamFraming framing, string encoding)
    {
        checks.Defined(prefix + nameof(StreamOptions.Framing), framing);
        bool isOtlp = framing is StreamFraming.OtlpJson or StreamFraming.OtlpJsonLines or StreamFraming.OtlpProtobuf;
        if (isOtlp && OtlpSignal.Find(encoding) is null)
        {
            Add(nameof(StreamOptions.Encoding), $"is \"{encoding}\"; {framing} needs {OtlpSignal.Logs.Encoding} or {OtlpSignal.Traces.Encoding}");
        }

        if (framing is StreamFraming.Ndjson or StreamFraming.JsonArray && encoding is MessagePackScan.Encoding or EventbufFraming.Encoding)
        {
            Add(nameof(StreamOptions.Framing), $"is {framing}, which is for text, and would change the bytes of {encoding}; write {NaturalOf(encoding)} or {StreamFraming.Length}");
        }

        if (framing == StreamFraming.EventbufV2 && encoding != EventbufFraming.Encoding)
        {
            Add(nameof(StreamOptions.Encoding), $"is \"{encoding}\"; {framing} needs {EventbufFraming.Encoding}");
        }

        CheckDelimiter(options, framing);
        if (!isOtlp && options.Header.Length > 0)
        {
            Add(nameof(StreamOptions.Header), $"is set, and {framing} has no place for one");
        }

        if (options.Header.Length > StreamDefinition.MaxHeaderBytes)
        {
            Add(nameof(StreamOptions.Header), string.Create(CultureInfo.InvariantCulture, $"has {options.Header.Length:N0} bytes; at most {StreamDefinition.MaxHeaderBytes:N0} are possible"));
        }

        FrameKind? kind = options.Compression is { } own && Enum.IsDefined(own) ? FrameKind.Of(own) : JournalKind;
        bool isReadable = kind is null || kind == FrameKind.None || kind == FrameKind.Of(Compression.Gzip) || kind == FrameKind.Of(Compression.Zstd);
        if (framing is StreamFraming.OtlpJson or StreamFraming.OtlpProtobuf && !isReadable)
        {
            Add(
                nameof(StreamOptions.Framing),
                $"{framing} is for the Collector's S3 receiver, which reads .gz, .zst and what is not compressed, and passes over all else: the stream's Compression is {kind!.Name}; write Zstd, Gzip or None");
        }
    }

    private void CheckDelimiter(StreamOptions options, StreamFraming framing)
    {
        if (options.Delimiter is not { } delimiter)
        {
            return;
        }

        if (!HasDelimiter(framing))
        {
            Add(nameof(StreamOptions.Delimiter), $"is set, and {framing} has no place for one; write {StreamFraming.Delimited} or {StreamFraming.Separated}, or leave it out");
        }
        else if (!DelimitedFraming.IsDelimiter(delimiter))
        {
            Add(nameof(StreamOptions.Delimiter), $"is no text of 1 to {DelimitedFraming.MostBytes} bytes of UTF-8");
        }
    }

    private void CheckCompression(StreamOptions options)
    {
        const string Option = nameof(StreamOptions.CompressionLevel);
        if (options.Compression is not { } compression)
        {
            if (options.CompressionLevel is not null)
            {
                Add(Option, "is that of Compression; write both, or neither");
            }

            return;
        }

        checks.Defined(prefix + nameof(StreamOptions.Compression), compression);
        if (!HasCompression(compression))
        {
            Add(nameof(StreamOptions.Compression), XzCompressor.Missing);
        }

        if (options.CompressionLevel is not { } level)
        {
            return;
        }

        if (Compressors.Levels(compression) is { } levels)
        {
            checks.Range(prefix + Option, level, levels.Least, levels.Most);
        }
        else
        {
            Add(Option, string.Create(CultureInfo.InvariantCulture, $"is {level}, and {compression} has no levels; leave it out"));
        }
    }

    private void CheckLimits(StreamOptions options)
    {
        if (options.MaxObjectBytes is { } bytes)
        {
            checks.Range(prefix + nameof(StreamOptions.MaxObjectBytes), bytes, SettingLimits.SmallestObjectBytes, Math.Max(MostObjectBytes, SettingLimits.SmallestObjectBytes));
        }

        if (options.MaxObjectEntries is { } entries)
        {
            checks.Range(prefix + nameof(StreamOptions.MaxObjectEntries), entries, 1, long.MaxValue);
        }

        if (options.MaxObjectAge is { } age)
        {
            checks.Range(prefix + nameof(StreamOptions.MaxObjectAge), age, SettingLimits.ShortestObjectAge, SettingLimits.LongestObjectAge);
        }
    }

    /// <summary>A rule in one line, to be compared with another front end's.</summary>
    public static string Describe(StreamRule rule)
    {
        IEnumerable<(string Option, string? Value)> values =
        [
            (nameof(rule.Framing), Text(rule.Framing)),
            (nameof(rule.Encoding), rule.Encoding),
            (nameof(rule.Delimiter), rule.Delimiter is { } delimiter ? Shown(Encoding.UTF8.GetBytes(delimiter)) : null),
            (nameof(rule.Compression), Text(rule.Compression)),
            (nameof(rule.CompressionLevel), Text(rule.CompressionLevel)),
            (nameof(rule.DirectoryFormat), rule.DirectoryFormat),
            (nameof(rule.DirectoryTimeZone), rule.DirectoryTimeZone),
            (nameof(rule.MaxObjectBytes), Text(rule.MaxObjectBytes)),
            (nameof(rule.MaxObjectEntries), Text(rule.MaxObjectEntries)),
            (nameof(rule.MaxObjectAge), Text(rule.MaxObjectAge)),
            (nameof(rule.Header), rule.Header.IsEmpty ? null : Convert.ToHexString(rule.Header.Span)),
        ];
        return string.Join(' ', values.Where(static pair => pair.Value is not null).Select(static pair => $"{pair.Option}={pair.Value}").Prepend(rule.Match));
    }

    /// <summary>In one line, whatever it holds.</summary>
    private static string? Shown(byte[] delimiter) => delimiter.Length == 0 ? null : JsonEncodedText.Encode(delimiter).ToString();

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
        StreamFraming.JsonArray => JsonArrayFraming.FramingName,
        StreamFraming.Length => LengthFraming.FramingName,
        StreamFraming.Concatenated => ConcatenatedFraming.FramingName,
        StreamFraming.Delimited => DelimitedFraming.DelimitedName,
        StreamFraming.Separated => DelimitedFraming.SeparatedName,
        StreamFraming.EventbufV2 => EventbufFraming.FramingName,
        _ => NdjsonFraming.FramingName,
    };
}
