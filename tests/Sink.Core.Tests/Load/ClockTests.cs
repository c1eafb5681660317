using System.Globalization;
using System.Text.Json;
using S3Journal.Proofs;
using Sink.Core.Tests.Fakes;
using Sink.Core.Tests.Journals;

namespace Sink.Core.Tests.Load;

/// <summary>The wall clock is set back and forth while a journal runs, and entries bring times of their own.</summary>
public sealed class ClockTests
{
    private static readonly DateTimeOffset _beforeMidnight = new(2026, 11, 22, 23, 59, 30, TimeSpan.Zero);

    private static readonly TimeSpan[] _steps =
    [
        TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(-1), TimeSpan.FromHours(1), TimeSpan.FromHours(-1), TimeSpan.FromDays(1), TimeSpan.FromDays(-1), TimeSpan.Zero,
    ];

    private readonly JournalBench _bench = new();

    [Fact]
    [Trait(LongForm.Trait, LongForm.Yes)]
    public async Task EveryEntryStandsUnderItsDateInOrderHoweverTheClockJumps()
    {
        int rounds = (int)LongForm.Count(300, 3_000);
        Random random = new(LongForm.Seed);
        WallClock clock = new(_beforeMidnight);
        List<(string Stream, string Date, int Number)> expected = [];
        long redated = 0;
        DateTimeOffset latest = clock.GetUtcNow();
        using (Journal journal = _bench.Open(o => o.UseTimeProvider(clock)))
        {
            for (int round = 0; round < rounds; round++)
            {
                for (int i = 0; i < 4; i++)
                {
                    (DateTimeOffset time, bool isOdd) = Time(random, clock.GetUtcNow(), latest);
                    DateTimeOffset filed = isOdd ? clock.GetUtcNow() : time;
                    redated += isOdd ? 1 : 0;
                    string stream = $"s/{random.Next(3)}";
                    Assert.Equal(AppendResult.Stored, journal.GetStream(stream).Append(time, JournalBench.Entry(expected.Count)));
                    expected.Add((stream, filed.UtcDateTime.ToString("yyyy/MM/dd", CultureInfo.InvariantCulture), expected.Count));
                }

                clock.Step(round < 3 ? _steps[round + 1] : _steps[random.Next(_steps.Length)]);
                latest = clock.GetUtcNow() > latest ? clock.GetUtcNow() : latest;
                if (random.Next(3) > 0)
                {
                    await journal.FlushAsync().WaitAsync(JournalBench.Generous);
                }
            }

            await journal.FlushAsync().WaitAsync(JournalBench.Generous);
            Assert.Equal(redated, journal.GetStats().Redated);
            Assert.Equal(expected.Count, journal.GetStats().Uploaded);
        }

        ILookup<(string, string), int> found = _bench.Store.Objects.OrderBy(static o => o.Document.Ordinal).SelectMany(static o => o.Lines.Select(line => (Place: PlaceOf(o), Number: NumberOf(line)))).ToLookup(static e => e.Place, static e => e.Number);
        ILookup<(string, string), int> wanted = expected.ToLookup(static e => (e.Stream, e.Date), static e => e.Number);
        Assert.Equal(wanted.Select(static g => g.Key).Order(), found.Select(static g => g.Key).Order());
        Assert.All(wanted, group => Assert.Equal(group, found[group.Key]));
        AssertKeysInOrder();
        Figures.Report("clock set back and forth", ("steps", rounds), ("entries", expected.Count), ("filed under arrival", redated), ("dates", wanted.Count), ("objects", _bench.Store.Objects.Count), ("seed", $"{LongForm.Seed}"));
    }

    // Age is not a matter of the wall clock.
    [Fact]
    public void AnObjectIsSealedByItsAgeThoughTheClockWasSetBack()
    {
        WallClock clock = new(_beforeMidnight);
        using Journal journal = _bench.Open(o =>
        {
            o.UseTimeProvider(clock);
            o.MaxObjectAge = TimeSpan.FromMilliseconds(50);
        });
        for (int i = 1; i <= 3; i++)
        {
            JournalBench.Append(journal, i);
            clock.Step(TimeSpan.FromHours(-1));
            int wanted = i;
            JournalBench.Until(() => _bench.Store.Entries.Count == wanted);
        }
    }

    // A machine whose clock has lost its battery, or has been set by a joker, logs all the same.
    [Theory]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("1970-01-01T00:00:00Z")]
    [InlineData("2999-12-31T23:59:59Z")]
    [InlineData("9999-12-31T23:59:59.9999999Z")]
    public async Task AnyClockWillDo(string now)
    {
        WallClock clock = new(DateTimeOffset.Parse(now, CultureInfo.InvariantCulture));
        using (Journal journal = _bench.Open(o => o.UseTimeProvider(clock)))
        {
            journal.GetStream("orders").Append(clock.GetUtcNow(), JournalBench.Entry(1));
            journal.GetStream("orders").Append(new DateTimeOffset(2026, 11, 22, 0, 0, 0, TimeSpan.Zero), JournalBench.Entry(2));
            journal.GetStream("orders").Append(DateTimeOffset.MaxValue, JournalBench.Entry(3));
            await journal.FlushAsync().WaitAsync(JournalBench.Generous);
            _ = journal.GetStats();
        }

        Assert.Equal(["{\"n\":1}", "{\"n\":2}", "{\"n\":3}"], _bench.Store.Entries.Order(StringComparer.Ordinal));
        Assert.Empty(_bench.Failures);
    }

    /// <summary>A time for an entry, and whether it is one that cannot be: a day ahead is measured from the latest time that the clock has shown.</summary>
    private static (DateTimeOffset Time, bool IsOdd) Time(Random random, DateTimeOffset now, DateTimeOffset latest) => random.Next(12) switch
    {
        0 => (DateTimeOffset.MinValue, true),
        1 => (DateTimeOffset.MaxValue, true),
        2 => (new DateTimeOffset(1, 6, 1, 12, 0, 0, TimeSpan.FromHours(5)), true),
        3 => (new DateTimeOffset(2999, 1, 1, 0, 0, 0, TimeSpan.Zero), true),
        4 => (latest.AddDays(1).AddTicks(1), true),
        5 => (now.AddDays(1).AddTicks(-1), false),
        6 => (new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero), false),
        7 => (now.AddHours(-1).ToOffset(TimeSpan.FromHours(-11)), false),
        _ => (now, false),
    };

    private static (string, string) PlaceOf(StoredBytes stored)
    {
        string stream = stored.Document.Stream;
        return (stream, stored.Key[(stream.Length + 1)..stored.Key.LastIndexOf('/')]);
    }

    private static int NumberOf(string line) => JsonElement.Parse(line).GetProperty("n").GetInt32();

    /// <summary>One writer's keys of a stream and date sort as their ordinals do.</summary>
    private void AssertKeysInOrder()
    {
        foreach (IGrouping<(string, string), StoredBytes> partition in _bench.Store.Objects.GroupBy(PlaceOf))
        {
            string[] keys = [.. partition.OrderBy(static o => o.Document.Ordinal).Select(static o => o.Key)];
            Assert.Equal(keys.Order(StringComparer.Ordinal), keys);
        }
    }
}
