using System.Globalization;
using Google.Protobuf;
using OpenTelemetry.Exporter.S3Journal.Tests.Proto;
using OpenTelemetry.Exporter.S3Journal.Tests.Support;
using Sink.Core;

namespace OpenTelemetry.Exporter.S3Journal.Tests.EndToEnd;

/// <summary>What lies at the destination is, field by field, what the OTLP exporter sent for the same records, in the same order.</summary>
public sealed class ComparedWithOtlp : IDisposable
{
    /// <summary>Of 10 KiB each and more: at least three compressed frames of 1 MiB raw.</summary>
    private const int Records = 300;

    private readonly JournalHome _home = new();

    [Theory]
    [InlineData(S3JournalProfile.File, OtlpEncoding.Json, Compression.Zstd, CollectorPartition.Minute, "jsonl.zst")]
    [InlineData(S3JournalProfile.Collector, OtlpEncoding.Json, Compression.None, CollectorPartition.Minute, "json")]
    [InlineData(S3JournalProfile.Collector, OtlpEncoding.Json, Compression.Gzip, CollectorPartition.Hour, "json.gz")]
    [InlineData(S3JournalProfile.Collector, OtlpEncoding.Json, Compression.Zstd, CollectorPartition.Minute, "json.zst")]
    [InlineData(S3JournalProfile.Collector, OtlpEncoding.Protobuf, Compression.None, CollectorPartition.Hour, "binpb")]
    [InlineData(S3JournalProfile.Collector, OtlpEncoding.Protobuf, Compression.Gzip, CollectorPartition.Minute, "binpb.gz")]
    [InlineData(S3JournalProfile.Collector, OtlpEncoding.Protobuf, Compression.Zstd, CollectorPartition.Minute, "binpb.zst")]
    public void EveryRecordIsWhatTheOtlpExporterSent(S3JournalProfile profile, OtlpEncoding encoding, Compression compression, CollectorPartition partition, string suffix)
    {
        using TelemetryHost host = TelemetryHost.Compared(options =>
        {
            _home.Configure(options);
            options.Profile = profile;
            options.Encoding = encoding;
            options.Compression = compression;
            options.CollectorPartition = partition;
        });
        ShopTraffic.Make(host, Records);
        Assert.Equal(2 * Records, Assert.Single(_home.Open).Enqueued);
        Assert.Single(_home.Lanes);
        host.Shutdown();

        Assert.Empty(_home.Open);
        Assert.Empty(_home.Failures);
        AssertStream("otel/logs", host.TakeLogs(Records));
        AssertStream("otel/traces", host.TakeSpans(Records));

        void AssertStream(string stream, List<Exported> sent)
        {
            List<StoredObject> objects = _home.Read(stream);
            Assert.All(sent, static record => Assert.Equal(TelemetryHost.SchemaUrl, record.SchemaUrl));
            Assert.All(objects, found => Assert.EndsWith($".{suffix}", found.Key, StringComparison.Ordinal));
            Assert.InRange(objects.Sum(static found => found.Resources), 3, int.MaxValue);
            if (profile == S3JournalProfile.Collector)
            {
                Assert.All(objects, found => AssertPlaced(found, partition));
            }

            Exported.AreSame(sent, [.. objects.SelectMany(static found => found.Records)]);
        }
    }

    [Fact]
    public void TheBatchProcessorDeliversAllAtTheEndToo()
    {
        using TelemetryHost host = TelemetryHost.Compared(options =>
        {
            _home.Configure(options);
            options.ExportProcessorType = ExportProcessorType.Batch;
        });
        ShopTraffic.Make(host, Records);
        host.Shutdown();

        Assert.Empty(_home.Failures);
        Exported.AreSame(host.TakeLogs(Records), _home.ReadLogs());
        Exported.AreSame(host.TakeSpans(Records), _home.ReadSpans());
    }

    [Theory]
    [InlineData(S3JournalProfile.File, OtlpEncoding.Json)]
    [InlineData(S3JournalProfile.Collector, OtlpEncoding.Json)]
    [InlineData(S3JournalProfile.Collector, OtlpEncoding.Protobuf)]
    public async Task TheReaderGivesEachRecordsScope(S3JournalProfile profile, OtlpEncoding encoding)
    {
        using TelemetryHost host = TelemetryHost.Compared(options =>
        {
            _home.Configure(options);
            options.Profile = profile;
            options.Encoding = encoding;
        });
        ShopTraffic.Make(host, Records);
        host.Shutdown();

        AssertSameScopes(host.TakeLogs(Records), await ReadAsync<ScopeLogs>("otel/logs", encoding));
        AssertSameScopes(host.TakeSpans(Records), await ReadAsync<ScopeSpans>("otel/traces", encoding));
    }

    public void Dispose() => _home.Dispose();

    /// <summary>In the directory that the Collector's receiver looks for it in: that of each record's time in UTC.</summary>
    private static void AssertPlaced(StoredObject found, CollectorPartition partition)
    {
        string signal = found.IsLogs ? "logs" : "traces";
        string format = $"'otel/{signal}/year='yyyy'/month='MM'/day='dd'/hour='HH{(partition == CollectorPartition.Minute ? "'/minute='mm" : "")}'/{signal}_'";
        foreach (Exported record in found.Records)
        {
            ulong nanoseconds = found.IsLogs ? record.Log.TimeUnixNano : record.Span.EndTimeUnixNano;
            string begin = DateTimeOffset.UnixEpoch.AddTicks((long)(nanoseconds / 100)).ToString(format, CultureInfo.InvariantCulture);
            Assert.StartsWith(begin, found.Key, StringComparison.Ordinal);
            Assert.DoesNotContain('/', found.Key[begin.Length..]);
        }
    }

    private static void AssertSameScopes(List<Exported> sent, List<IMessage> read)
    {
        Assert.Equal(sent.Count, read.Count);
        Assert.All(sent.Zip(read), static pair => Fields.Same(pair.First.Scope, pair.Second));
    }

    private async Task<List<IMessage>> ReadAsync<TScope>(string stream, OtlpEncoding encoding)
        where TScope : IMessage<TScope>, new()
    {
        List<IMessage> scopes = [];
        using JournalReader reader = JournalReader.Open(_home.Destination);
        await foreach (JournalObject found in reader.ListAsync(stream).OrderBy(static found => found.Key, StringComparer.Ordinal))
        {
            int before = scopes.Count;
            await foreach (ReadOnlyMemory<byte> entry in reader.ReadEntriesAsync(found))
            {
                scopes.Add(encoding == OtlpEncoding.Protobuf ? new MessageParser<TScope>(static () => new TScope()).ParseFrom(entry.Span) : OtlpJson.Parse<TScope>(entry.Span));
            }

            Assert.Equal(found.Entries, scopes.Count - before);
        }

        Assert.Empty(reader.Warnings);
        return scopes;
    }
}
