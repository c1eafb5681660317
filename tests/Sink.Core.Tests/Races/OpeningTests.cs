using Sink.Core.Storage;
using Sink.Core.Tests.Fakes;
using Sink.Core.Tests.Journals;

namespace Sink.Core.Tests.Races;

/// <summary>Several opens at once.</summary>
public sealed class OpeningTests
{
    private readonly JournalBench _bench = new();
    private readonly ManualResetEventSlim _hung = new();
    private readonly ManualResetEventSlim _release = new();

    [Fact]
    public async Task ADiskThatHangsHoldsUpOnlyWhoOpensItsDirectory()
    {
        HangAtFirstLock(thenThrow: false);
        Task<Journal> first = Start();
        Assert.True(_hung.Wait(JournalBench.Generous));
        Task<Journal> second = Start();
        using (Journal other = new JournalBench().Open())
        {
            Assert.Equal(AppendResult.Stored, JournalBench.Append(other, 1));
            Assert.False(first.IsCompleted);
            Assert.False(second.IsCompleted);
        }

        _release.Set();
        Journal[] both = await Task.WhenAll(first, second).WaitAsync(JournalBench.Generous);
        Assert.All(both, journal => Assert.Equal(0, journal.GetStats().Lane));
        both[0].Dispose();
        Assert.Equal(AppendResult.Stored, JournalBench.Append(both[1], 1));
        both[1].Dispose();
        Assert.Equal(AppendResult.Closed, JournalBench.Append(both[1], 2));
    }

    [Fact]
    public async Task WhoWaitedForAnOpenThatFailsTriesForItself()
    {
        HangAtFirstLock(thenThrow: true);
        Task<Journal> first = Start();
        Assert.True(_hung.Wait(JournalBench.Generous));
        Task<Journal> second = Start();
        _release.Set();
        await Assert.ThrowsAsync<JournalException>(() => first.WaitAsync(JournalBench.Generous));
        using Journal journal = await second.WaitAsync(JournalBench.Generous);
        Assert.Equal(AppendResult.Stored, JournalBench.Append(journal, 1));
    }

    [Fact]
    public void ALinkToTheDirectoryIsTheSameJournal()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a right of their own");
        string root = Directory.CreateTempSubdirectory("links-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Join(root, "real"));
            Directory.CreateSymbolicLink(Path.Join(root, "link"), "real");
            Directory.CreateSymbolicLink(Path.Join(root, "again"), Path.Join(root, "link"));
            using Journal first = _bench.Open(o => OnDisk(o, Path.Join(root, "real", "journal")));
            using Journal second = Journal.Open(_bench.Options(o => OnDisk(o, Path.Join(root, "link", "journal"))));
            using Journal third = Journal.Open(_bench.Options(o => OnDisk(o, Path.Join(root, "again", "journal"))));
            JournalBench.Append(second, 1);
            JournalBench.Append(third, 2);
            Assert.Equal(2, first.GetStats().Enqueued);
            Assert.Equal(["0"], Directory.GetDirectories(Path.Join(root, "real", "journal")).Select(Path.GetFileName));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public void LinksThatLeadRoundInACircleAreAnErrorAndNotAHang()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a right of their own");
        string root = Directory.CreateTempSubdirectory("links-").FullName;
        try
        {
            Directory.CreateSymbolicLink(Path.Join(root, "a"), Path.Join(root, "b", "x"));
            Directory.CreateSymbolicLink(Path.Join(root, "b"), Path.Join(root, "a", "y"));
            Assert.NotEmpty(DiskDirectory.PhysicalPath(Path.Join(root, "a", "journal")));
            Assert.Throws<JournalException>(() => Journal.Open(_bench.Options(o => OnDisk(o, Path.Join(root, "a", "journal")))));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static void OnDisk(JournalOptions options, string path)
    {
        options.LocalDirectory = path;
        options.OpenDirectory = DiskDirectory.OpenPath;
    }

    private void HangAtFirstLock(bool thenThrow)
    {
        _bench.BeforeCall = call =>
        {
            if (call.Kind == DiskCallKind.TryLock && !_hung.IsSet)
            {
                _hung.Set();
                Assert.True(_release.Wait(JournalBench.Generous));
                if (thenThrow)
                {
                    throw new IOException("the disk fails");
                }
            }
        };
    }

    private Task<Journal> Start() => Task.Factory.StartNew(() => Journal.Open(_bench.Options()), TaskCreationOptions.LongRunning);
}
