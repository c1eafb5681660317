using OpenTelemetry.Exporter.S3Journal.Options;
using OpenTelemetry.Exporter.S3Journal.Tests.Support;
using Sink.Core;

namespace OpenTelemetry.Exporter.S3Journal.Tests.Registration;

/// <summary>What no reader could read is refused at start, with the reason.</summary>
public sealed class Refusals : IDisposable
{
    private readonly Exporting _exporting = new();

    public static TheoryData<string, string> Mistakes => new()
    {
        { "protobuf lines", "Encoding: is Protobuf, but OTLP's file format is JSON" },
        { "snappy", "Compression: is Snappy, but the Collector's receiver unpacks only .gz and .zst" },
        { "lzma", "Compression: is Lzma" },
        { "compressor", "UseCompressor: is given with Profile Collector" },
        { "format", "DirectoryFormat: is yyyy, but the Collector's receiver looks below 'year='yyyy/'month='MM/'day='dd/'hour='HH/'minute='mm" },
        { "hours with the minutes' format", "looks below 'year='yyyy/'month='MM/'day='dd/'hour='HH;" },
        { "zone", "DirectoryTimeZone: is Europe/Berlin" },
        { "names", "KeyTemplate: is {stream}/{date}/{id}-{epoch}-{ordinal}{suffixes}, but the Collector's receiver looks for names that begin with logs_ or traces_" },
        { "deeper", "KeyTemplate: is {stream}/{date}/{prefix}{time}/{epoch}" },
        { "profile", "Profile: is 7, which has no meaning; write one of File, Collector" },
        { "template", "Stream \"a//b\" is not usable" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void ACombinationThatNoReaderReadsIsRefused(string mistake, string expected)
    {
        JournalException exception = Assert.Throws<JournalException>(() => new S3JournalLogExporter(_exporting.Options(options => Make(mistake, options))));

        Assert.True(exception.IsConfiguration);
        Assert.Contains($"{Environment.NewLine}- {expected}", exception.Message.Replace("DirectoryFormat: is 'year='yyyy/'month='MM/'day='dd/'hour='HH/'minute='mm, but the Collector's receiver ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(0, _exporting.Source.Opened);
    }

    [Fact]
    public void EveryMistakeStandsInTheMessage()
    {
        string message = Assert.Throws<JournalException>(() => new S3JournalTraceExporter(_exporting.Options(static options =>
        {
            options.Profile = S3JournalProfile.Collector;
            options.Compression = Compression.Lzma;
            options.DirectoryTimeZone = "Europe/Berlin";
            options.Stream = "{";
        }))).Message;

        Assert.Equal(4, message.Split(Environment.NewLine).Length);
    }

    [Theory]
    [InlineData(S3JournalProfile.File, OtlpEncoding.Json, Compression.Snappy, StreamFraming.OtlpJsonLines, null)]
    [InlineData(S3JournalProfile.Collector, OtlpEncoding.Json, Compression.Gzip, StreamFraming.OtlpJson, "'year='yyyy/'month='MM/'day='dd/'hour='HH/'minute='mm")]
    [InlineData(S3JournalProfile.Collector, OtlpEncoding.Protobuf, Compression.None, StreamFraming.OtlpProtobuf, "'year='yyyy/'month='MM/'day='dd/'hour='HH/'minute='mm")]
    public void WhatAReaderReadsIsCheckedWithTheJournalAtStart(S3JournalProfile profile, OtlpEncoding encoding, Compression compression, StreamFraming framing, string? format)
    {
        using S3JournalLogExporter exporter = new(_exporting.Options(options =>
        {
            options.Profile = profile;
            options.Encoding = encoding;
            options.Compression = compression;
        }));

        StreamOptions stream = Assert.Single(_exporting.Journal.Checked);
        Assert.Equal(framing, stream.Framing);
        Assert.Equal("otlp-logs", stream.Encoding);
        Assert.Equal(format, stream.DirectoryFormat);
        Assert.Equal(format is null ? null : "UTC", stream.DirectoryTimeZone);
        Assert.Empty(_exporting.Journal.Asked);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Default")]
    [InlineData("hive")]
    [InlineData("Collector")]
    [InlineData("{stream:0}/{date:yyyy/MM}/{prefix}{id}-{epoch}-{ordinal}{suffixes}")]
    public void KeysThatTheReceiverFindsAreNotRefused(string? template)
    {
        S3JournalExporterOptions options = new() { Profile = S3JournalProfile.Collector, KeyTemplate = template };

        Assert.Equal(StreamFraming.OtlpJson, ExporterSettings.From(options).Framing);
    }

    [Fact]
    public void HoursAreAPartitionToo()
    {
        S3JournalExporterOptions options = new() { Profile = S3JournalProfile.Collector, CollectorPartition = CollectorPartition.Hour, DirectoryFormat = "'year='yyyy/'month='MM/'day='dd/'hour='HH" };

        Assert.Equal(options.DirectoryFormat, ExporterSettings.From(options).DirectoryFormat);
    }

    [Fact]
    public void WhatTheJournalRefusesIsAnErrorAtStart()
    {
        _exporting.Source.Opens = static () => throw new JournalException("no destination") { IsConfiguration = true };

        Assert.Equal("no destination", Assert.Throws<JournalException>(() => new S3JournalLogExporter(_exporting.Options())).Message);
    }

    public void Dispose() => _exporting.Dispose();

    private static void Make(string mistake, S3JournalExporterOptions options)
    {
        options.Profile = S3JournalProfile.Collector;
        switch (mistake)
        {
            case "protobuf lines":
                options.Profile = S3JournalProfile.File;
                options.Encoding = OtlpEncoding.Protobuf;
                break;
            case "snappy":
                options.Compression = Compression.Snappy;
                break;
            case "lzma":
                options.Compression = Compression.Lzma;
                break;
            case "compressor":
                options.UseCompressor(static () => throw new NotSupportedException());
                break;
            case "names":
                options.KeyTemplate = "{stream}/{date}/{id}-{epoch}-{ordinal}{suffixes}";
                break;
            case "deeper":
                options.KeyTemplate = "{stream}/{date}/{prefix}{time}/{epoch}-{ordinal}{suffixes}";
                break;
            case "format":
                options.DirectoryFormat = "yyyy";
                break;
            case "hours with the minutes' format":
                options.CollectorPartition = CollectorPartition.Hour;
                options.DirectoryFormat = "'year='yyyy/'month='MM/'day='dd/'hour='HH/'minute='mm";
                break;
            case "zone":
                options.DirectoryTimeZone = "Europe/Berlin";
                break;
            case "profile":
                options.Profile = (S3JournalProfile)7;
                break;
            default:
                options.Stream = "a//b";
                break;
        }
    }
}
