using Integration.Tests.Server;
using Integration.Tests.Support;
using Sink.Core;

namespace Integration.Tests.Faults;

/// <summary>Processes of the server are killed and stopped while an upload is half done.</summary>
public sealed class HurtServer(S3Servers servers) : IAsyncLifetime
{
    private const int Writers = 4;
    private const int InStream = 10;

    private readonly TestDirectory _local = new();
    private readonly Watched<JournalFailure> _failures = new();
    private Radosgw _server = null!;
    private Bucket _bucket = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await servers.OwnAsync();
        _bucket = await _server.CreateBucketAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _local.Dispose();
        if (_bucket is not null)
        {
            await _bucket.DisposeAsync();
            await _server.DisposeAsync();
        }
    }

    [Fact]
    public async Task AGatewayKilledInMidUploadGetsEverythingAfterItsRestart()
    {
        Watched<Task> restarts = new();
        using S3Proxy proxy = new(
            _server.Endpoint,
            r => r.Method == "PUT" && r.Number % 5 == 2 && restarts.Items.Length < 3 && restarts.Items.All(t => t.IsCompleted) ? RequestFate.With(KillAndStart) : RequestFate.Passed);

        await RunAsync(proxy, streamsEach: 12);

        await Task.WhenAll(restarts.Items);
        Assert.Equal(3, restarts.Items.Length);
        await AssertAllAsync(streamsEach: 12);

        void KillAndStart()
        {
            _server.Kill(Radosgw.Part.Gateway);
            restarts.Add(_server.StartGatewayAsync());
        }
    }

    [Fact]
    public async Task AGatewayStoppedInMidUploadGetsEverythingWhenItGoesOn()
    {
        using S3Proxy proxy = new(_server.Endpoint, r => r.Method == "PUT" && r.Number == 3 ? RequestFate.With(() => _server.Pause(Radosgw.Part.Gateway)) : RequestFate.Passed);
        Task resumed = ResumeAfterRetriesAsync(proxy, Radosgw.Part.Gateway);

        await RunAsync(proxy, streamsEach: 2);

        await resumed;
        await AssertAllAsync(streamsEach: 2);
    }

    [Fact]
    public async Task APutThatTimedOutAndLandsAfterAllIsNotPutTwice()
    {
        using S3Proxy proxy = new(_server.Endpoint, r => r.Method == "PUT" && r.Number == 3 ? RequestFate.With(() => _server.Pause(Radosgw.Part.Storage)) : RequestFate.Passed);
        Task resumed = ResumeAfterRetriesAsync(proxy, Radosgw.Part.Storage);

        await RunAsync(proxy, streamsEach: 2);

        await resumed;
        await AssertAllAsync(streamsEach: 2);
    }

    /// <summary>Each writer in some streams of its own, one after the other, for as many objects.</summary>
    private async Task RunAsync(S3Proxy proxy, int streamsEach)
    {
        JournalOptions options = _bucket.Options(_local, proxy.Endpoint);
        options.S3.RequestTimeout = TimeSpan.FromSeconds(1);
        options.OnFailure(_failures.Add);
        await using Journal journal = Journal.Open(options);
        for (int part = 0; part < streamsEach; part++)
        {
            for (int writer = 0; writer < Writers; writer++)
            {
                Traffic.Append(journal.GetStream($"s{writer}/{part}"), writer, part * InStream, InStream, fillBytes: 2000);
            }
        }

        await journal.FlushAsync(Limit.Token());
    }

    /// <summary>Waits until an object has been put again, so that the first put of it may still land.</summary>
    private async Task ResumeAfterRetriesAsync(S3Proxy proxy, Radosgw.Part part)
    {
        await proxy.Requests.WaitAsync(requests => requests.Where(r => r.Method == "PUT").GroupBy(r => r.Path).Any(g => g.Count() > 1));
        _server.Resume(part);
    }

    private async Task AssertAllAsync(int streamsEach)
    {
        List<BucketObject> objects = await _bucket.ReadAsync();
        Traffic.AssertExactlyOnce(objects, Writers, streamsEach * InStream);
        Assert.Equal(objects.Count, objects.Select(o => o.Ordinal).Distinct().Count());
        Assert.NotEmpty(_failures.Items);
        Assert.All(_failures.Items, f => Assert.Equal(JournalFailureKind.Temporary, f.Kind));
    }
}
