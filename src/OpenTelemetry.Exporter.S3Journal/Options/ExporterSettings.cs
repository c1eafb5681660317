using System.Text.RegularExpressions;
using OpenTelemetry.Exporter.S3Journal.Otlp;
using OpenTelemetry.Exporter.S3Journal.Routing;
using Sink.Core;

namespace OpenTelemetry.Exporter.S3Journal.Options;

/// <summary>Options that were checked: what of them is needed for each record.</summary>
internal sealed partial record ExporterSettings
{
    private const string OwnFormat = "yyyy/MM/dd";
    private const string HourFormat = "'year='yyyy/'month='MM/'day='dd/'hour='HH";
    private const string MinuteFormat = HourFormat + "/'minute='mm";

    public required StreamTemplate Template { get; init; }

    public required StreamFraming Framing { get; init; }

    public required OtlpEncoder Encoder { get; init; }

    /// <summary>Null: the journal's.</summary>
    public required string? DirectoryFormat { get; init; }

    public required bool ForceFlushDelivers { get; init; }

    public required TimeSpan ShutdownTimeout { get; init; }

    /// <exception cref="JournalException">Lists every mistake in a line of its own.</exception>
    public static ExporterSettings From(S3JournalExporterOptions options)
    {
        List<string> mistakes = [];
        CheckEnums(options, mistakes);
        CheckReaders(options, mistakes);
        StreamTemplate? template = null;
        try
        {
            template = StreamTemplate.Parse(options.Stream);
        }
        catch (JournalException mistake)
        {
            mistakes.Add(mistake.Message);
        }

        if (mistakes.Count > 0)
        {
            throw new JournalException("The exporter's options cannot be used:" + Environment.NewLine + string.Join(Environment.NewLine, mistakes.Select(static line => "- " + line))) { IsConfiguration = true };
        }

        bool isCollector = options.Profile == S3JournalProfile.Collector;
        return new ExporterSettings
        {
            Template = template!,
            Framing = isCollector ? options.Encoding == OtlpEncoding.Protobuf ? StreamFraming.OtlpProtobuf : StreamFraming.OtlpJson : StreamFraming.OtlpJsonLines,
            Encoder = options.Encoding == OtlpEncoding.Protobuf ? OtlpEncoder.Protobuf : OtlpEncoder.Json,
            DirectoryFormat = isCollector ? FormatOf(options.CollectorPartition) : null,
            ForceFlushDelivers = options.ForceFlushDelivers,

            // Nobody has checked it beside a journal that was passed in.
            ShutdownTimeout = TimeSpan.FromTicks(Math.Clamp(options.ShutdownTimeout.Ticks, 0, TimeSpan.TicksPerHour)),
        };
    }

    public StreamOptions StreamOptionsOf(string encoding, ReadOnlyMemory<byte> header)
    {
        StreamOptions options = new()
        {
            Framing = Framing,
            Encoding = encoding,
            DirectoryFormat = DirectoryFormat,
            DirectoryTimeZone = DirectoryFormat is null ? null : "UTC",
        };
        options.UseHeader(header);
        return options;
    }

    [GeneratedRegex(@"\{date(:[^}]*)?\}/\{prefix\}[^/]*\z")]
    private static partial Regex ReceiverKeys();

    private static string FormatOf(CollectorPartition partition) => partition == CollectorPartition.Hour ? HourFormat : MinuteFormat;

    private static void CheckEnums(S3JournalExporterOptions options, List<string> mistakes)
    {
        Check(nameof(options.Profile), options.Profile);
        Check(nameof(options.Encoding), options.Encoding);
        Check(nameof(options.CollectorPartition), options.CollectorPartition);
        Check(nameof(options.ExportProcessorType), options.ExportProcessorType);

        void Check<T>(string name, T value)
            where T : struct, Enum
        {
            if (!Enum.IsDefined(value))
            {
                mistakes.Add($"{name}: is {value:D}, which has no meaning; write one of {string.Join(", ", Enum.GetNames<T>())}");
            }
        }
    }

    /// <summary>What would give objects that the profile's reader cannot read, or passes over without a word.</summary>
    private static void CheckReaders(S3JournalExporterOptions options, List<string> mistakes)
    {
        if (options.Profile == S3JournalProfile.File && options.Encoding == OtlpEncoding.Protobuf)
        {
            mistakes.Add("Encoding: is Protobuf, but OTLP's file format is JSON, a document a line; write Json, or Profile Collector");
        }

        // What a journal that was passed in does was settled when it was opened.
        if (options.Profile != S3JournalProfile.Collector || options.GetJournal() is not null)
        {
            return;
        }

        if (options.HasCompressor())
        {
            mistakes.Add("UseCompressor: is given with Profile Collector, whose receiver skips every object with a suffix that it does not know; leave it out, or write Profile File");
        }
        else if (options.Compression is not (Compression.None or Compression.Gzip or Compression.Zstd))
        {
            mistakes.Add($"Compression: is {options.Compression}, but the Collector's receiver unpacks only .gz and .zst and skips every other suffix; write Zstd, Gzip or None, or Profile File");
        }

        if (options.KeyTemplate is { } keys && keys.Contains('{') && !ReceiverKeys().IsMatch(keys))
        {
            mistakes.Add($"KeyTemplate: is {keys}, but the Collector's receiver looks for names that begin with logs_ or traces_ in the date's directory; end it with a segment that begins with {{prefix}}, behind {{date}}/, as the preset Collector does, or write Profile File");
        }

        string format = FormatOf(options.CollectorPartition);
        if (options.DirectoryFormat != OwnFormat && options.DirectoryFormat != format)
        {
            mistakes.Add($"DirectoryFormat: is {options.DirectoryFormat}, but the Collector's receiver looks below {format}; leave it out, or write Profile File");
        }

        if (!string.Equals(options.DirectoryTimeZone, "UTC", StringComparison.OrdinalIgnoreCase))
        {
            mistakes.Add($"DirectoryTimeZone: is {options.DirectoryTimeZone}, but the directories of Profile Collector are those of UTC, as the receiver's must be; leave it out, or write Profile File");
        }
    }
}
