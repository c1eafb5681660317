using System.Text.RegularExpressions;
using Integration.Tests.Server;
using Integration.Tests.Support;
using S3Journal.Proofs;
using Sink.Core;
using Sink.Core.Delivery;

namespace Integration.Tests.Faults;

/// <summary>
/// The whole way, with Amazon's client, to a real server behind a proxy that lets requests go wrong at random, while the
/// server itself is killed and stopped, and the journal closed and opened again.
/// </summary>
[Trait(LongForm.Trait, LongForm.Yes)]
public sealed partial class HostileStore(S3Servers servers) : IDisposable
{
    private const int Writers = 4;
    private const int Streams = 8;
    private const int InTurn = 50;
    private const int Lives = 4;
    private const int KindsOfTrouble = 4;

    /// <summary>Flushes that may be under way: the backlog gets deep at times, and never endless.</summary>
    private const int FlushesAtOnce = 4;

    private readonly TestDirectory _local = new();
    private readonly Watched<JournalFailure> _failures = new();
    private readonly HostileFates _fates = new(LongForm.Seed);
    private readonly Random _random = new(LongForm.Seed);
    private readonly Queue<Task> _flushes = new();
    private readonly List<Task> _repairs = [];
    private Radosgw _server = null!;
    private Bucket _bucket = null!;
    private S3Proxy _proxy = null!;
    private int _troubles;

    public void Dispose() => _local.Dispose();

    [Fact]
    public async Task RandomFaultsLoseDoubleAndDisplaceNothing()
    {
        int turns = (int)LongForm.Count(256, 5_120);
        int entries = turns * Writers * InTurn;
        await using Radosgw server = _server = await servers.OwnAsync();
        await using Bucket bucket = _bucket = await server.CreateBucketAsync();
        using S3Proxy proxy = _proxy = new(server.Endpoint, _fates.Choose);
        List<JournalStats> stats = [];
        for (int life = 0; life < Lives; life++)
        {
            _fates.Forges = life % 2 == 0;
            stats.Add(await LiveAsync(life * turns / Lives, (life + 1) * turns / Lives, isLast: life == Lives - 1));
        }

        List<BucketObject> objects = await bucket.ReadAsync();
        Figures.Report(
            "hostile store",
            ("entries", entries),
            ("objects", objects.Count),
            ("requests", proxy.Requests.Items.Length),
            ("faults", _fates.Faults),
            ("kinds", _fates.Kinds),
            ("server killed, stopped, unreachable", _troubles),
            ("journals", Lives),
            ("reports", _failures.Items.Length),
            ("seed", $"{LongForm.Seed}"));
        TestContext.Current.TestOutputHelper?.WriteLine(_fates.ToString());
        Traffic.AssertExactlyOnce(objects, Writers, turns * InTurn);
        AssertChain(objects);
        AssertSums(stats, entries);
        AssertReports();

        // Else it was not hostile.
        Assert.InRange(_fates.Kinds, HostileFates.AllKinds * 3 / 4, HostileFates.AllKinds);
        Assert.InRange(_fates.Faults, objects.Count / 10, int.MaxValue);
        Assert.Empty(_fates.NotGiven(HostileFates.MustCome));
        Assert.InRange(_troubles, KindsOfTrouble, int.MaxValue);
    }

    /// <summary>One journal: turns of all writers side by side, each with a flush that nobody waits for at once.</summary>
    private async Task<JournalStats> LiveAsync(int from, int to, bool isLast)
    {
        JournalOptions options = _bucket.Options(_local, _proxy.Endpoint);
        options.UseTimeProvider(new FastTime(60));
        options.MaxBatchLatency = TimeSpan.FromSeconds(1);
        options.StallAfter = TimeSpan.FromMinutes(1);
        options.MaxObjectAge = TimeSpan.FromMinutes(5);
        options.ShutdownTimeout = TimeSpan.FromMilliseconds(300);
        options.S3.RequestTimeout = TimeSpan.FromSeconds(1);
        options.OnFailure(_failures.Add);
        Journal journal = Journal.Open(options);
        JournalCore core = JournalRegistry.All().Single(open => open.Settings.LocalDirectory.Path == _local.Path);
        await using (journal)
        {
            for (int turn = from; turn < to; turn++)
            {
                await WriteAsync(journal, turn);
                await FlushAsync(journal);
                if (turn % 24 == 5)
                {
                    HurtServer();
                }
            }

            if (isLast)
            {
                _fates.IsOver = true;
                await Task.WhenAll(_repairs);
                _proxy.Listen();
                await DeliverAllAsync(journal);
            }
        }

        await Task.WhenAll(_flushes);
        _flushes.Clear();
        return JournalStats.Of(core);
    }

    private async Task WriteAsync(Journal journal, int turn)
    {
        int[] streams = [.. Enumerable.Range(0, Writers).Select(_ => _random.Next(Streams))];
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() =>
        {
            JournalStream first = journal.GetStream($"s/{streams[writer]}");
            JournalStream second = journal.GetStream($"s/{(streams[writer] + 1) % Streams}");
            Traffic.Append(first, writer, turn * InTurn, InTurn / 2, fillBytes: 60);
            Traffic.Append(second, writer, (turn * InTurn) + (InTurn / 2), InTurn / 2, fillBytes: 60);
        })));
    }

    private async Task FlushAsync(Journal journal)
    {
        _flushes.Enqueue(EndAsync(journal.FlushAsync(Limit.Token())));
        if (_flushes.Count > FlushesAtOnce)
        {
            await _flushes.Dequeue();
        }
    }

    /// <summary>A flush ends with an error when objects are parked, or the journal closes: nothing is lost with it.</summary>
    private static async Task EndAsync(Task<FlushResult> flush)
    {
        try
        {
            await flush;
        }
        catch (JournalException)
        {
            // Whatever it was about is still in the backlog.
        }
    }

    private async Task DeliverAllAsync(Journal journal)
    {
        while (true)
        {
            int seen = _proxy.Requests.Items.Length;
            try
            {
                Assert.Equal(0, (await journal.FlushAsync(Limit.Token())).Waiting);
                return;
            }
            catch (JournalException)
            {
                // Objects that failed beside others are parked; the next request is one of them.
                await _proxy.Requests.WaitAsync(requests => requests.Count > seen);
            }
        }
    }

    /// <summary>One trouble at a time: the gateway killed and started, a process of the server stopped for some requests, or nobody there for a moment.</summary>
    private void HurtServer()
    {
        if (!_repairs.TrueForAll(static repair => repair.IsCompletedSuccessfully))
        {
            return;
        }

        switch (_troubles++ % KindsOfTrouble)
        {
            case 0:
                _server.Kill(Radosgw.Part.Gateway);
                _repairs.Add(_server.StartGatewayAsync());
                break;
            case 1:
                _repairs.Add(StopForSomeRequestsAsync(Radosgw.Part.Storage));
                break;
            case 2:
                _repairs.Add(StopForSomeRequestsAsync(Radosgw.Part.Gateway));
                break;
            default:
                _repairs.Add(_proxy.RefuseForAsync(TimeSpan.FromMilliseconds(300)));
                break;
        }
    }

    private async Task StopForSomeRequestsAsync(Radosgw.Part part)
    {
        int seen = _proxy.Requests.Items.Length;
        _server.Pause(part);
        await _proxy.Requests.WaitAsync(requests => requests.Count > seen + 3);
        _server.Resume(part);
    }

    /// <summary>Every ordinal once, none stored beside, and each document names the one before: nothing is missing, doubled or altered.</summary>
    private static void AssertChain(List<BucketObject> objects)
    {
        BucketObject[] ordered = [.. objects.OrderBy(static o => o.Ordinal)];
        Assert.Equal(Enumerable.Range(0, ordered.Length).Select(static n => (long)n), ordered.Select(static o => o.Ordinal));
        for (int i = 0; i < ordered.Length; i++)
        {
            Assert.Matches(OwnKey(), ordered[i].Key);
            Assert.Equal(ordered[i].Lines.Length, ordered[i].Entries);
            Assert.True(i == 0 || ordered[i].Metadata.GetProperty("previous").GetString() == ObjectMetadata.ChainHash(ordered[i - 1].Metadata.GetRawText()), $"The chain breaks at {ordered[i].Key}.");
        }
    }

    private static void AssertSums(List<JournalStats> stats, int entries)
    {
        Assert.Equal(entries, stats.Sum(static s => s.Enqueued));
        Assert.Equal(entries, stats.Sum(static s => s.Uploaded));
        Assert.All(stats, static s => Assert.Empty(s.Dropped));
        Assert.Equal(0, stats[^1].BacklogEntries);
    }

    /// <summary>Fewer than there were faults, and none of them of a loss; at the close of a journal that leaves a backlog, one says so.</summary>
    private void AssertReports()
    {
        JournalFailure[] failures = _failures.Items;
        Assert.DoesNotContain(failures, static f => f.Kind == JournalFailureKind.Permanent);
        Assert.InRange(failures.Count(static f => f.Kind == JournalFailureKind.Final), 0, Lives - 1);
        Assert.InRange(failures.Count(static f => f.Kind == JournalFailureKind.Temporary), 1, _fates.Faults);
    }

    [GeneratedRegex(@"-\d{12}\.ndjson\.zst$")]
    private static partial Regex OwnKey();
}
