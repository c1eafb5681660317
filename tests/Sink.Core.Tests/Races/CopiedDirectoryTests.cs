using Sink.Core.Storage;
using Sink.Core.Tests.Fakes;
using Sink.Core.Tests.Journals;

namespace Sink.Core.Tests.Races;

/// <summary>A journal's directory is copied while it is closed with a backlog, and opened elsewhere, on a real disk.</summary>
public sealed class CopiedDirectoryTests : IDisposable
{
    private const int Entries = 60;
    private const int Streams = 3;

    private readonly string _root = Directory.CreateTempSubdirectory("copied-").FullName;
    private readonly ScriptedStore _store = new();

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task TheCopyDeliversWhatTheOriginalCouldNot()
    {
        await LeaveBacklogAsync(isSealed: false);
        Copy("original", "copy");
        Directory.Delete(Path.Join(_root, "original"), recursive: true);
        using (Journal copy = Open("copy"))
        {
            Assert.Equal(0, copy.GetStats().Lane);
            Assert.Equal(Entries, copy.GetStats().BacklogEntries);
            Assert.Equal(AppendResult.Stored, JournalBench.Append(copy, Entries, "orders/0"));
            await copy.FlushAsync().WaitAsync(JournalBench.Generous);
        }

        AssertEachOnce(Entries + 1);
    }

    // Both may live on: an object that both hold has one key, and what they are given from then on meets nowhere. What was not sealed
    // when they parted is each one's own to seal.
    [Fact]
    public async Task WhereBothAreOpenedEachObjectIsThereOnceAndNoKeyHasTwoMeanings()
    {
        await LeaveBacklogAsync(isSealed: true);
        Copy("original", "copy");
        using (Journal original = Open("original"))
        using (Journal copy = Open("copy"))
        {
            for (int i = 0; i < 10; i++)
            {
                Assert.Equal(AppendResult.Stored, JournalBench.Append(original, Entries + (2 * i), "orders/0"));
                Assert.Equal(AppendResult.Stored, JournalBench.Append(copy, Entries + (2 * i) + 1, "orders/0"));
                await Task.WhenAll(original.FlushAsync(), copy.FlushAsync()).WaitAsync(JournalBench.Generous);
            }

            Assert.Equal(0, original.GetStats().BacklogEntries);
            Assert.Equal(0, copy.GetStats().BacklogEntries);
        }

        AssertEachOnce(Entries + 20);
        Assert.True(_store.Puts > _store.Objects.Count, "the second of them never met what the first had put");
    }

    /// <summary>An orderly end with the store away: all of it sealed, or as much as there was time for.</summary>
    private async Task LeaveBacklogAsync(bool isSealed)
    {
        _store.GoAway();
        using (Journal original = Open("original", TimeSpan.Zero))
        {
            for (int i = 0; i < Entries; i++)
            {
                Assert.Equal(AppendResult.Stored, JournalBench.Append(original, i, "orders/" + (i % Streams)));
            }

            if (isSealed)
            {
                using CancellationTokenSource stop = new();
                Task<FlushResult> flush = original.FlushAsync(stop.Token);
                JournalBench.Until(() => original.GetStats().Queue.Enqueued == Streams);
                await stop.CancelAsync();
                Assert.Equal(Entries, (await flush.WaitAsync(JournalBench.Generous)).Waiting);
            }
        }

        Assert.Empty(_store.Objects);
        _store.ComeBack();
    }

    private void AssertEachOnce(int count)
    {
        Assert.Equal(Enumerable.Range(0, count).Select(static n => $"{{\"n\":{n}}}").Order(StringComparer.Ordinal), _store.Entries.Order(StringComparer.Ordinal));
        Assert.Equal(_store.Objects.Count, _store.Objects.Select(static o => o.Key).Distinct().Count());
        Assert.DoesNotContain(_store.Objects, static o => o.Lines.Count == 0);
    }

    /// <summary>File by file, as any tool would.</summary>
    private void Copy(string from, string to)
    {
        string source = Path.Join(_root, from);
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string target = Path.Join(_root, to, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private Journal Open(string name, TimeSpan? shutdownTimeout = null) => new JournalBench { Store = _store }.Open(o =>
    {
        o.LocalDirectory = Path.Join(_root, name);
        o.OpenDirectory = DiskDirectory.OpenPath;
        o.ShutdownTimeout = shutdownTimeout ?? JournalBench.Generous;
    });
}
