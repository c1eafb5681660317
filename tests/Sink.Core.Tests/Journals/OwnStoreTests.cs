using System.Diagnostics;
using System.Text;

namespace Sink.Core.Tests.Journals;

/// <summary>A store of the user's own: it may throw, lie, hang and block, and no entry is lost by it.</summary>
public class OwnStoreTests
{
    private readonly JournalBench _bench = new();
    private readonly OddStore _store = new();

    [Fact]
    public async Task ObjectsGoToAStoreOfOnesOwnAndAreReadBackFromIt()
    {
        OwnStore store = new();
        JournalOptions options = _bench.Options(o => o.UseObjectStore(() => store));
        using (Journal journal = Journal.Open(options))
        {
            JournalBench.Append(journal, 1, "a/b");
            JournalBench.Append(journal, 2, "a/b");
            Assert.Equal(2, (await journal.FlushAsync().WaitAsync(JournalBench.Generous)).Delivered);
        }

        Assert.StartsWith("a/b/", Assert.Single(store.Keys));
        Assert.Equal(1, store.Disposed);
        using (JournalReader reader = JournalReader.Open(options))
        {
            JournalObject found = Assert.Single(reader.ListAsync().ToBlockingEnumerable());
            Assert.Equal(("a/b", 2), (found.Stream, found.Entries));
            Assert.Equal(["{\"n\":1}", "{\"n\":2}"], reader.ReadEntriesAsync(found).ToBlockingEnumerable().Select(entry => Encoding.UTF8.GetString(entry.Span)));
        }

        Assert.Equal(2, store.Disposed);
    }

    [Fact]
    public async Task WhateverAPutThrowsOrAnswersAgainstTheContractLosesNothing()
    {
        Queue<Func<Task<PutResult>?>> odd = new(
        [
            static () => throw new InvalidOperationException("thrown at once"),
            static () => Task.FromException<PutResult>(new IOException("thrown later")),
            static () => throw new OperationCanceledException(),
            static () => Task.FromCanceled<PutResult>(new CancellationToken(true)),
            static () => throw new StoreAccessException("not allowed"),
            static () => null,
            static () => Task.FromResult(default(PutResult)),
            static () => Task.FromResult(new PutResult((PutOutcome)99)),
            static () => Task.FromResult(new PutResult(PutOutcome.AlreadyThere)),
            static () => Task.FromResult(new PutResult(PutOutcome.Damaged)),
        ]);
        _store.OnPut = (_, _) =>
        {
            Func<Task<PutResult>?> next = odd.Dequeue();
            _store.OnPut = odd.Count == 0 ? null : _store.OnPut;
            return next();
        };
        Microsoft.Extensions.Time.Testing.FakeTimeProvider time = new(DateTimeOffset.UtcNow);
        using Journal journal = Open(o => o.UseTimeProvider(time));
        JournalBench.Append(journal, 1);
        Task<FlushResult> flush = journal.FlushAsync();
        JournalBench.Until(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return flush.IsCompleted;
        });
        Assert.Equal(1, (await flush).Delivered);
        Assert.Single(_store.Keys);
        Assert.Equal(11, _store.Puts);
        Assert.Equal(0, journal.GetStats().Dropped.Values.Sum());

        // One change of state: it went away once, and came back.
        Assert.Contains("thrown at once", Assert.Single(_bench.Failures).Message);
    }

    [Fact]
    public async Task AStoreThatTakesEveryKeyForAnothersIsNotPutToForEver()
    {
        _store.OnPut = static (_, _) => Task.FromResult(new PutResult(PutOutcome.AlreadyThere));
        _store.OnHead = static key => Task.FromResult<StoredObject?>(new StoredObject(key, 1, null));
        using (Journal journal = Open(o => o.ShutdownTimeout = TimeSpan.Zero))
        {
            JournalBench.Append(journal, 1);
            JournalException refused = await Assert.ThrowsAsync<JournalException>(() => journal.FlushAsync().WaitAsync(JournalBench.Generous));
            Assert.Contains("memory://own refuses 1 objects", refused.Message);
            Assert.Equal(2, _store.Puts);
        }

        _store.OnPut = null;
        _store.OnHead = null;
        using Journal next = Open();
        await next.FlushAsync().WaitAsync(JournalBench.Generous);
        Assert.Single(_store.Keys);
    }

    [Fact]
    public void AStoreThatHangsUntilItIsCutOffKeepsTheShutdownTimeout()
    {
        _store.OnPut = static async (_, token) =>
        {
            // What it registers runs when the journal closes: neither its block nor its exception may come there.
            token.Register(static () => throw new InvalidOperationException("at the cut"));
            await Task.Delay(Timeout.Infinite, token);
            return default;
        };
        Journal journal = Open(o => o.ShutdownTimeout = TimeSpan.FromMilliseconds(300));
        JournalBench.Append(journal, 1);
        Stopwatch watch = Stopwatch.StartNew();
        journal.Dispose();
        Assert.InRange(watch.Elapsed, TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(10));
        Assert.Contains("delivers them to memory://own", _bench.WaitForFailure(f => f.Kind == JournalFailureKind.Final).Message);

        _store.OnPut = null;
        using (Journal next = Open())
        {
        }

        Assert.Single(_store.Keys);
    }

    [Fact]
    public void AStoreThatThrowsWhenItIsDisposedIsReported()
    {
        _store.OnDispose = static () => throw new InvalidOperationException("at the end");
        Open().Dispose();
        Assert.Contains("at the end", _bench.WaitForFailure(static _ => true).Message);
    }

    [Fact]
    public void AStoreThatCannotBeMadeIsAnErrorOfTheOpen()
    {
        Assert.False(Assert.Throws<JournalException>(() => Open(o => o.UseObjectStore(static () => throw new IOException("no network")))).IsConfiguration);
        Assert.True(Assert.Throws<JournalException>(() => Open(o => o.UseObjectStore(static () => null!))).IsConfiguration);
    }

    [Fact]
    public void ADestinationBesideAStoreOfOnesOwnIsRefused()
    {
        JournalException refused = Assert.Throws<JournalException>(() => Open(o => o.Destination = "file:///objects"));
        Assert.True(refused.IsConfiguration);
        Assert.Contains("Destination is set together with UseObjectStore", refused.Message.Replace(":", "", StringComparison.Ordinal));
    }

    [Fact]
    public void TwoFrontEndsMustGiveTheSameStore()
    {
        Func<ObjectStore> create = () => _store;
        using Journal journal = Open(o => o.UseObjectStore(create));
        Open(o => o.UseObjectStore(create)).Dispose();
        OwnStore other = new();
        Assert.Contains("UseObjectStore: two functions", Assert.Throws<JournalException>(() => Open(o => o.UseObjectStore(() => other))).Message);
    }

    private Journal Open(Action<JournalOptions>? change = null) => _bench.Open(o =>
    {
        o.UseObjectStore(() => _store);
        change?.Invoke(o);
    });
}
