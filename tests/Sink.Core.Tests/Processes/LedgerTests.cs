using Crash;
using Sink.Core.Tests.Reading;

namespace Sink.Core.Tests.Processes;

/// <summary>The judge of the killed processes sees each wrong there is: a run that finds none has looked.</summary>
public sealed class LedgerTests
{
    private const int Life = 1;

    private readonly Ledger _ledger = new();
    private int _objects;

    [Fact]
    public void WhatWasAcknowledgedAndArrivesOnceAndInOrderIsRight()
    {
        _ledger.Acknowledge(Life, 0, 3);
        Assert.Equal(3, _ledger.Undelivered);
        Deliver(1, 2);
        Assert.Equal(1, _ledger.Undelivered);

        // Stored, and killed before it could say so.
        Deliver(3, 4);
        _ledger.Settle(Life);
        Assert.True(_ledger.IsRight);
        Assert.Equal((3, 4), (_ledger.Acknowledged, _ledger.Found));
    }

    [Fact]
    public void AnEntryThatIsNotThereIsLost()
    {
        _ledger.Acknowledge(Life, 0, 3);
        Deliver(1, 3);
        _ledger.Settle(Life);
        Assert.Equal((1, 0, 0), (_ledger.Lost, _ledger.Doubled, _ledger.OutOfOrder));
        Assert.False(_ledger.IsRight);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AnEntryThatComesTwiceIsDoubledAlsoLongAfter(bool isSettled)
    {
        _ledger.Acknowledge(Life, 0, 2);
        Deliver(1, 2);
        if (isSettled)
        {
            _ledger.Settle(Life);
        }

        Deliver(2);
        Assert.Equal((0, 1), (_ledger.Lost, _ledger.Doubled));
    }

    [Fact]
    public void AnEntryBehindALaterOneIsOutOfOrder()
    {
        _ledger.Acknowledge(Life, 0, 3);
        Deliver(1, 3);
        Deliver(2);
        Assert.Equal((0, 1), (_ledger.Doubled, _ledger.OutOfOrder));
    }

    [Fact]
    public void AnEntryThatNobodyWroteIsInvented()
    {
        _ledger.Acknowledge(Life, 0, 1);
        Deliver(1, 2 + Shape.MostInBurst);
        Assert.Equal(1, _ledger.Invented);
    }

    [Fact]
    public void ARunThatMetTooLittleSaysWhat()
    {
        KillCounts counts = new();
        for (int i = 0; i < KillCounts.LeastInPhase; i++)
        {
            counts.Add(KillPhase.Recovery | KillPhase.Commit | KillPhase.Seal | KillPhase.Checkpoint | KillPhase.Upload | KillPhase.Idle, undelivered: 1);
        }

        Assert.Empty(counts.Gaps());
        counts.Add(KillPhase.Idle, undelivered: 0);
        Assert.Empty(counts.Gaps());

        // Nine tenths, and not one less.
        counts.Add(KillPhase.Idle, undelivered: 0);
        Assert.Contains("undelivered", Assert.Single(counts.Gaps()), StringComparison.Ordinal);

        KillCounts without = new();
        for (int i = 0; i < 100; i++)
        {
            without.Add(i < KillCounts.LeastInPhase - 1 ? KillPhase.Seal : KillPhase.Recovery | KillPhase.Commit | KillPhase.Checkpoint | KillPhase.Upload | KillPhase.Idle, undelivered: 1);
        }

        Assert.Contains($"{KillPhase.Seal}", Assert.Single(without.Gaps()), StringComparison.Ordinal);
        Assert.False(without.MetEachPhase);
    }

    private void Deliver(params int[] numbers)
    {
        int ordinal = _objects++;
        _ledger.Add(new Crash.DeliveredObject($"key-{ordinal}", "{}", ReaderFixture.NewMetadata(ordinal, entries: numbers.Length), [.. numbers.Select(static number => (Entry?)new Entry(Life, 0, number, 5))]));
    }
}
