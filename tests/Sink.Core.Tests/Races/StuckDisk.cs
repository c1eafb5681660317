using Sink.Core.Lanes;
using Sink.Core.Storage;
using Sink.Core.Tests.Fakes;
using Sink.Core.Tests.Journals;

namespace Sink.Core.Tests.Races;

/// <summary>
/// A journal whose next commit hangs in its sync until the test lets it go, so that what a race needs (a full ring,
/// blocked callers, waiters) is there for certain and not by luck.
/// </summary>
internal sealed class StuckDisk : IDisposable
{
    private readonly ManualResetEventSlim _hung = new();
    private readonly ManualResetEventSlim _release = new();
    private volatile Exception? _thrown;

    public StuckDisk(JournalBench bench)
    {
        bench.BeforeCall = BeforeCall;
    }

    /// <summary>Commits hang from now on.</summary>
    public volatile bool IsStuck;

    public static LaneHost HostOf(JournalBench bench) =>
        JournalRegistry.All().Single(core => core.Settings.LocalDirectory.Path == bench.Options().LocalDirectory).Host;

    public void WaitUntilHung() => Assert.True(_hung.Wait(JournalBench.Generous));

    /// <summary>The hung call goes on, or throws; later ones do not hang.</summary>
    public void Release(Exception? thrown = null)
    {
        _thrown = thrown;
        IsStuck = false;
        _release.Set();
    }

    /// <summary>Appends until the ring is full and the caller blocked, on a thread of its own; returns how each append ended.</summary>
    public static Task<List<AppendResult>> FillRing(JournalStream stream, int entries, int length = 4000) => Task.Factory.StartNew(
        () =>
        {
            List<AppendResult> results = [];
            for (int i = 0; i < entries; i++)
            {
                results.Add(stream.Append(DateTimeOffset.UtcNow, JournalBench.Entry(i, length)));
            }

            return results;
        },
        TaskCreationOptions.LongRunning);

    public void Dispose() => Release();

    private void BeforeCall(DiskCall call)
    {
        if (call.Site != SyncSite.Commit || !IsStuck)
        {
            return;
        }

        _hung.Set();
        Assert.True(_release.Wait(JournalBench.Generous));
        if (_thrown is { } thrown)
        {
            throw thrown;
        }
    }
}
