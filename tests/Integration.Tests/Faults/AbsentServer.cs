using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Integration.Tests.Server;
using Integration.Tests.Support;
using Sink.Core;

namespace Integration.Tests.Faults;

public sealed class AbsentServer(S3Servers servers) : IDisposable
{
    private readonly TestDirectory _local = new();
    private readonly Watched<JournalFailure> _failures = new();

    public void Dispose() => _local.Dispose();

    [Fact]
    public void NobodyAnswersForTheWholeLife()
    {
        Assert.InRange(Live(Options("http://127.0.0.1:9"), TimeSpan.FromSeconds(2)), TimeSpan.Zero, TimeSpan.FromSeconds(10));

        AssertReportedOnce("cannot be reached");
    }

    [Fact]
    public void ConnectionsAreTakenAndNeverAnswered()
    {
        using TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();
        JournalOptions options = Options($"http://{silent.LocalEndpoint}");
        options.S3.RequestTimeout = TimeSpan.FromSeconds(1);

        Assert.InRange(Live(options, TimeSpan.FromSeconds(4)), TimeSpan.Zero, TimeSpan.FromSeconds(12));

        AssertReportedOnce("time-out");
    }

    [Fact]
    public void DisposeDoesNotWaitLongerForARequestUnderWayThanItMay()
    {
        using TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();

        Assert.InRange(Live(Options($"http://{silent.LocalEndpoint}"), TimeSpan.FromSeconds(1)), TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(8));

        Assert.Equal(JournalFailureKind.Final, Assert.Single(_failures.Items).Kind);
    }

    [Fact]
    public async Task TheNextRunDeliversWhatTheFirstCouldNot()
    {
        await using Bucket bucket = await (await servers.SharedAsync()).CreateBucketAsync();
        Live(bucket.Options(_local, "http://127.0.0.1:9"), TimeSpan.FromSeconds(1));
        Assert.Empty(await bucket.ListKeysAsync());

        await using (Journal journal = Journal.Open(bucket.Options(_local)))
        {
            Traffic.Append(journal.GetStream("orders"), writer: 0, first: 1000, count: 500);
            FlushResult flushed = await journal.FlushAsync(Limit.Token());
            Assert.Equal(0, flushed.Waiting);
        }

        Traffic.AssertExactlyOnce(await bucket.ReadAsync(), writers: 1, each: 1500);
    }

    [Fact]
    public async Task AServerThatComesLateGetsEverything()
    {
        await using Radosgw server = await servers.OwnAsync();
        await using Bucket bucket = await server.CreateBucketAsync();
        server.Kill(Radosgw.Part.Gateway);
        JournalOptions options = bucket.Options(_local);
        options.OnFailure(_failures.Add);

        await using (Journal journal = Journal.Open(options))
        {
            Traffic.Append(journal.GetStream("orders"), writer: 0, first: 0, count: 500);
            await _failures.WaitForOneAsync();
            Traffic.Append(journal.GetStream("orders"), writer: 0, first: 500, count: 500);
            await server.StartGatewayAsync();
            await journal.FlushAsync(Limit.Token());
        }

        Traffic.AssertExactlyOnce(await bucket.ReadAsync(), writers: 1, each: 1000);
        Assert.Contains("cannot be reached", Assert.Single(_failures.Items).Message, StringComparison.Ordinal);
    }

    private JournalOptions Options(string endpoint)
    {
        JournalOptions options = new()
        {
            Destination = "s3://nobody",
            LocalDirectory = _local.Path,
            MaxObjectAge = TimeSpan.FromMilliseconds(50),
            ReportToStandardError = false,
            S3 = { Endpoint = endpoint, AccessKeyId = "key", SecretAccessKey = "hush-hush" },
        };
        options.OnFailure(_failures.Add);
        return options;
    }

    /// <summary>The time that closing took.</summary>
    private static TimeSpan Live(JournalOptions options, TimeSpan shutdown)
    {
        options.ShutdownTimeout = shutdown;
        Journal journal = Journal.Open(options);
        Traffic.Append(journal.GetStream("orders"), writer: 0, first: 0, count: 1000);
        long start = Stopwatch.GetTimestamp();
        journal.Dispose();
        return Stopwatch.GetElapsedTime(start);
    }

    private void AssertReportedOnce(string what)
    {
        Assert.Equal([JournalFailureKind.Temporary, JournalFailureKind.Final], _failures.Items.Select(f => f.Kind));
        Assert.Contains(what, _failures.Items[0].Message, StringComparison.Ordinal);
        Assert.Contains("1000 entries stay", _failures.Items[1].Message, StringComparison.Ordinal);
        Assert.All(_failures.Items, f => Assert.DoesNotContain("hush-hush", f.ToString(), StringComparison.Ordinal));
    }
}
