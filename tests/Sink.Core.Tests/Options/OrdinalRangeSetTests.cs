using CsCheck;
using Sink.Core.Delivery;

namespace Sink.Core.Tests.Options;

public class OrdinalRangeSetTests
{
    [Fact]
    public void RangesThatTouchBecomeOne()
    {
        var set = new OrdinalRangeSet();
        set.Add(new OrdinalRange(5, 6));
        set.Add(new OrdinalRange(1, 2));
        set.Add(new OrdinalRange(7, 9));
        Assert.Equal([new OrdinalRange(1, 2), new OrdinalRange(5, 9)], set.Ranges);

        set.Add(new OrdinalRange(3, 4));
        Assert.Equal([new OrdinalRange(1, 9)], set.Ranges);
    }

    [Fact]
    public void WhatAnObjectNamesIsTakenAway()
    {
        var set = new OrdinalRangeSet();
        set.Add(new OrdinalRange(1, 1));
        set.Add(new OrdinalRange(3, 3));
        set.RemoveFirst(1);
        Assert.Equal([new OrdinalRange(3, 3)], set.Ranges);
        Assert.False(set.Contains(1));
        Assert.True(set.Contains(3));
    }

    [Fact]
    public void ItHoldsExactlyWhatWasAddedInAsFewRangesAsPossible() =>
        Gen.Select(Gen.Int[0, 60], Gen.Int[0, 8]).List[0, 30].Sample(added =>
        {
            var set = new OrdinalRangeSet();
            var model = new SortedSet<long>();
            foreach ((int from, int length) in added)
            {
                set.Add(new OrdinalRange(from, from + length));
                model.UnionWith(Enumerable.Range(from, length + 1).Select(i => (long)i));
            }

            Assert.Equal(model, set.Ranges.SelectMany(r => Enumerable.Range((int)r.From, (int)(r.To - r.From) + 1).Select(i => (long)i)));
            Assert.All(set.Ranges.Zip(set.Ranges.Skip(1)), pair => Assert.True(pair.First.To + 1 < pair.Second.From));
        });
}
