using System.Buffers;
using System.Text;
using System.Text.Json;
using Sink.Core.Tests.Fakes;

namespace Sink.Core.Tests.Journals;

/// <summary>Events that name their stream: what s3-records did with storage paths.</summary>
public class StorableEventTests
{
    private static readonly DateTimeOffset _time = new(2026, 11, 22, 10, 15, 0, TimeSpan.Zero);

    [Fact]
    public async Task EachGoesToTheStreamOfItsPathWithAllItsFields()
    {
        JournalBench bench = new();
        await using Journal journal = bench.Open();

        for (int i = 0; i < 6; i++)
        {
            Assert.Equal(AppendResult.Stored, journal.Append(new Order($"orders/{(i % 2 == 0 ? "eu" : "us")}", i)));
        }

        await journal.FlushAsync().WaitAsync(JournalBench.Generous);
        Assert.Equal(["orders/eu", "orders/us"], bench.Store.Objects.Select(static o => o.Document.Stream).Order());
        StoredBytes eu = bench.Store.Objects.Single(static o => o.Document.Stream == "orders/eu");
        Assert.StartsWith("orders/eu/2026/11/22/", eu.Key, StringComparison.Ordinal);
        Assert.Equal(["""{"number":0,"note":"n0"}""", """{"number":2,"note":"n2"}""", """{"number":4,"note":"n4"}"""], eu.Lines);
    }

    [Theory]
    [InlineData(null, "Order has no StoragePath (null)")]
    [InlineData("", "is empty")]
    [InlineData("../other", "begins with a dot")]
    [InlineData("a//b", "has an empty segment")]
    [InlineData("/a", "has an empty segment")]
    [InlineData("a\\b", "holds a backslash")]
    [InlineData("a\nb", "holds a control character")]
    public async Task APathThatCannotBeIsAClearErrorAndNotASilentSkip(string? path, string says)
    {
        JournalBench bench = new();
        await using Journal journal = bench.Open();

        ArgumentException exception = Assert.Throws<ArgumentException>(() => journal.Append(new Order(path!, 1)));

        Assert.Contains(says, exception.Message, StringComparison.Ordinal);
        Assert.Equal(0, journal.GetStats().Enqueued);
    }

    [Fact]
    public async Task AStreamThatIsOpenWithOptionsTakesTheEvent()
    {
        JournalBench bench = new();
        await using Journal journal = bench.Open();
        journal.OpenStream("orders/eu", new StreamOptions { MaxObjectEntries = 1 });

        journal.Append(new Order("orders/eu", 1));
        journal.Append(new Order("orders/eu", 2));

        await journal.FlushAsync().WaitAsync(JournalBench.Generous);
        Assert.Equal(2, bench.Store.Objects.Count);
    }

    [Fact]
    public async Task WhatTheEventThrowsComesThroughAndStoresNothing()
    {
        JournalBench bench = new();
        await using Journal journal = bench.Open();

        Assert.Throws<NotSupportedException>(() => journal.Append(new Order("orders/eu", 1) { Spoil = static _ => throw new NotSupportedException() }));
        journal.Append(new Order("orders/eu", 2));

        await journal.FlushAsync().WaitAsync(JournalBench.Generous);
        Assert.Equal(["""{"number":2,"note":"n2"}"""], bench.Store.Entries);
    }

    [Fact]
    public async Task AnEventMayAppendAnotherWhileItIsWritten()
    {
        JournalBench bench = new();
        await using Journal journal = bench.Open();

        journal.Append(new Order("outer", 1) { Spoil = output => journal.Append(new Order("inner", 2)) });

        await journal.FlushAsync().WaitAsync(JournalBench.Generous);
        Assert.Equal("""{"number":1,"note":"n1"}""", Assert.Single(bench.Store.Objects.Single(static o => o.Document.Stream == "outer").Lines));
        Assert.Equal("""{"number":2,"note":"n2"}""", Assert.Single(bench.Store.Objects.Single(static o => o.Document.Stream == "inner").Lines));
    }

    [Fact]
    public async Task AfterCloseEverythingIsInTheStore()
    {
        JournalBench bench = new();
        await using (Journal journal = bench.Open())
        {
            for (int i = 0; i < 1000; i++)
            {
                journal.Append(new Order($"orders/{i % 50}", i));
            }
        }

        Assert.Equal(50, bench.Store.Objects.Count);
        Assert.Equal(1000, bench.Store.Entries.Count);
    }

    private sealed class Order(string path, int number) : IStorableEvent
    {
        public Action<IBufferWriter<byte>>? Spoil { get; init; }

        public string StoragePath => path;

        public DateTimeOffset Timestamp => _time;

        public void WritePayload(IBufferWriter<byte> output)
        {
            output.Write(Encoding.UTF8.GetBytes($"{{\"number\":{number},"));
            Spoil?.Invoke(output);
            output.Write(Encoding.UTF8.GetBytes($"\"note\":{JsonSerializer.Serialize($"n{number}")}}}"));
        }
    }
}
