namespace OpenTelemetry.Exporter.S3Journal.Tests.EndToEnd;

/// <summary>What a run leaves on the disk is delivered by the next one, under the resource of the run that made it.</summary>
public sealed class Runs : IDisposable
{
    private const int Records = 50;

    private readonly JournalHome _home = new();

    [Theory]
    [InlineData(S3JournalProfile.File, OtlpEncoding.Json)]
    [InlineData(S3JournalProfile.Collector, OtlpEncoding.Json)]
    [InlineData(S3JournalProfile.Collector, OtlpEncoding.Protobuf)]
    public void WhatARunCouldNotDeliverTheNextDeliversOnceAndUnderItsOwnResource(S3JournalProfile profile, OtlpEncoding encoding)
    {
        string unreachable = _home.MakeUnreachable();
        Run("first", unreachable, TimeSpan.Zero);
        Assert.Empty(_home.Read("otel"));
        Run("second", unreachable, TimeSpan.Zero);
        Assert.Empty(_home.Read("otel"));
        _home.Failures.Clear();
        Run("third", _home.Destination, JournalHome.Limit);

        Assert.Empty(_home.Failures);
        string[] expected = [.. new[] { "first", "second", "third" }.SelectMany(static instance => Enumerable.Range(0, Records).Select(number => $"{instance} {number}"))];
        Assert.Equal(expected, Told(_home.ReadLogs()));
        Assert.Equal(expected, Told(_home.ReadSpans()));

        void Run(string instance, string destination, TimeSpan shutdownTimeout)
        {
            using TelemetryHost host = TelemetryHost.Of(
                options =>
                {
                    _home.Configure(options);
                    options.Profile = profile;
                    options.Encoding = encoding;
                    options.Destination = destination;
                    options.ShutdownTimeout = shutdownTimeout;
                },
                instance);
            for (int number = 0; number < Records; number++)
            {
                host.Record(number);
            }
        }
    }

    public void Dispose() => _home.Dispose();

    /// <summary>By run; in order within each.</summary>
    private static IEnumerable<string> Told(List<Exported> records)
        => records.OrderBy(static record => record.Instance, StringComparer.Ordinal).Select(static record => $"{record.Instance} {record.Number}");
}
