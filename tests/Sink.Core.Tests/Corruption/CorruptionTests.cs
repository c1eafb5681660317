using System.Globalization;
using System.Text.RegularExpressions;
using S3Journal.Proofs;
using Sink.Core.Delivery;
using Sink.Core.Lanes;
using Sink.Core.Log;
using Sink.Core.Packing;
using Sink.Core.Tests.Model;

namespace Sink.Core.Tests.Corruption;

/// <summary>Every byte of every file: opening never throws, and what stands outside the damage arrives once and in order.</summary>
[Trait(LongForm.Trait, LongForm.Yes)]
public partial class CorruptionTests
{
    private static readonly Lazy<DamagedWorld> _world = new(static () => new DamagedWorld());

    private static DamagedWorld World => _world.Value;

    // The ring still has what the last segment holds: nothing is lost at all.
    [Fact]
    public void TheTailOfTheLastSegment() => Segment(World.Segments[^1], "the last segment", frames: 6, mayTake: false).Report();

    // A ring in a memory file system goes with the machine. Then nobody knows how far was committed, and a gap is no news.
    [Fact]
    public void TheTailOfTheLastSegmentWithoutTheRing() => Segment(World.Segments[^1], "the last segment without the ring", frames: 4, withRing: false).Report();

    [Fact]
    public void ASegmentInTheMiddle() => Segment(World.Segments[0], "a middle segment", frames: 2).Report();

    // Either copy is enough.
    [Theory]
    [InlineData(CheckpointFile.First)]
    [InlineData(CheckpointFile.Second)]
    public void OneCopyOfTheCheckpoint(string copy) =>
        Nothing($"{copy}").Over(copy, 0, World.Bytes(copy).Length, everyBit: LongForm.IsOn).Report();

    [Fact]
    public void TheIdentity() =>
        Nothing("the identity").Over(LaneIdentity.FileName, 0, World.Bytes(LaneIdentity.FileName).Length, everyBit: true).Report();

    // Without it nobody knows the object's key: it is set aside whole, and counted.
    [Fact]
    public void ASidecar()
    {
        SealedName name = World.Sealed.MaxBy(static name => World.Bytes(name.DataName).Length);
        WholeObject("a sidecar", name).Over(name.ToString(), 0, World.Bytes(name.ToString()).Length, everyBit: LongForm.IsOn).Report();
    }

    // Its digest no longer fits: it is set aside whole, and counted.
    [Fact]
    public void ASealedObject()
    {
        SealedName name = World.Sealed.MaxBy(static name => World.Bytes(name.DataName).Length);
        WholeObject("a sealed object", name).Over(name.DataName, 0, World.Bytes(name.DataName).Length, everyBit: LongForm.IsOn).Report();
    }

    // Each compressed frame has a checksum of its own in the checkpoint.
    [Fact]
    public void AnOpenObject()
    {
        ObjectRecord open = World.Open;
        ModelEntry[] entries = [.. World.Entries.Where(entry => entry.Stream == open.Stream && entry.Position >= open.Tally.First && entry.Position <= open.Tally.Last)];
        Assert.Equal(open.Tally.Entries, entries.Length);
        DamageSweep sweep = new(World, "an open object")
        {
            MayTake = (offset, isCut) =>
            {
                HashSet<int> taken = [];
                long end = 0;
                int first = 0;
                foreach (CompressedFrame frame in open.Frames)
                {
                    long start = end;
                    end += frame.Length;
                    if (isCut ? end > offset : start <= offset && offset < end)
                    {
                        taken.UnionWith(entries.Skip(first).Take(frame.Entries).Select(static entry => entry.Id));
                    }

                    first += frame.Entries;
                }

                return entry => taken.Contains(entry.Id);
            },
            Judge = CountsAll,
        };
        sweep.Over(open.FileName, 0, open.FileBytes, everyBit: LongForm.IsOn).Report();
    }

    // The page that says what the ring is: its record stands there twice, the durable position too.
    [Fact]
    public void TheHeaderOfTheRing() =>
        Ring("the ring's header").Over("ring", 0, LongForm.Count(64, RingHeader.Bytes), everyBit: LongForm.IsOn)
            .Over("ring", 500, LongForm.Count(560, 501)).Over("ring", RingHeader.DurableOffset, LongForm.Count(RingHeader.CountersOffset + 128, RingHeader.DurableOffset + 1)).Report();

    [Fact]
    public void TheEntriesInTheRing()
    {
        // Where the uncommitted ones stand, and, a byte in each sixty-four, everywhere else.
        ModelEntry[] uncommitted = [.. World.Entries.Where(static entry => entry.Position >= World.Durable)];
        long capacity = World.Bytes("ring").Length - RingHeader.Bytes;
        DamageSweep sweep = Ring("the ring's entries", (offset, isCut) => entry =>
        {
            // A flip costs the entry that it is in; what stands behind it is found again. A ring of another length is none.
            long at = RingHeader.Bytes + (entry.Position % capacity);
            return entry.Position >= World.Durable && (isCut || (at <= offset && offset < at + entry.End - entry.Position));
        });
        long from = RingHeader.Bytes + (uncommitted[0].Position % capacity);
        long to = RingHeader.Bytes + (uncommitted[^1].End % capacity);
        Assert.True(from < to);
        sweep.Over("ring", from, to);
        sweep.Over("ring", RingHeader.Bytes, RingHeader.Bytes + capacity, step: (int)LongForm.Count(64, 1)).Report();
    }

    private static DamageSweep Segment(string name, string what, int frames, bool mayTake = true, bool withRing = true)
    {
        Assert.True(SegmentName.TryParse(name, out SegmentName parsed));
        int next = World.Segments.ToList().IndexOf(name) + 1;
        long end = next < World.Segments.Count && SegmentName.TryParse(World.Segments[next], out SegmentName successor) ? successor.Base : World.Durable;
        ModelEntry[] held = [.. World.Entries.Where(entry => entry.Position >= parsed.Base && entry.End <= end)];
        DamageSweep sweep = new(World, what)
        {
            Before = disk =>
            {
                if (!withRing)
                {
                    DamagedWorld.Delete(disk, "ring");
                }
            },
            MayTake = (offset, isCut) =>
            {
                long position = offset - SegmentHeader.Bytes + parsed.Base;
                return entry => (entry.Position >= World.Durable && !withRing)
                    || (mayTake && entry.Position >= parsed.Base && entry.End <= end && entry.End > position && (isCut || entry.Position <= position));
            },
            MustBeTold = _ => withRing,
            Judge = outcome => withRing ? SaysWhere(outcome) : null,
        };
        sweep.Over(name, 0, 600, step: (int)LongForm.Count(8, 1));
        long tail = held[^Math.Min(held.Length, LongForm.IsOn ? held.Length : frames)].Position;
        return sweep.Over(name, SegmentHeader.Bytes + tail - parsed.Base, SegmentHeader.Bytes + end - parsed.Base);
    }

    private static DamageSweep Nothing(string what) => new(World, what) { MayTake = static (_, _) => static _ => false };

    private static DamageSweep WholeObject(string what, SealedName name)
    {
        Sidecar sidecar = Sidecar.Decode(World.Bytes(name.ToString()))!;
        Assert.True(ObjectMetadata.TryParse(sidecar.Metadata, out ObjectMetadata? metadata, out _));
        return new DamageSweep(World, what)
        {
            MayTake = (_, _) => entry => entry.Stream == metadata.Stream && entry.Position >= sidecar.First && entry.Position <= sidecar.Last,
            Judge = CountsAll,
        };
    }

    /// <summary>What was not committed is in the ring alone, and nothing tells its damage from what a power loss takes; what was, is in a segment.</summary>
    private static DamageSweep Ring(string what, Func<long, bool, Func<ModelEntry, bool>>? mayTake = null) => new(World, what)
    {
        MayTake = mayTake ?? (static (_, isCut) => entry => isCut && entry.Position >= World.Durable),
        MustBeTold = static _ => false,
    };

    /// <summary>How many entries of an earlier run stood in a hole nobody knows: it is told by its positions and counted in bytes, and each committed entry that is gone stood in one.</summary>
    private static string? SaysWhere(DamageOutcome outcome)
    {
        (long From, long To)[] holes = [.. outcome.Failures.SelectMany(static failure => Hole().Matches(failure.Message)).Select(static match => (Number(match, 1), Number(match, 2)))];
        ModelEntry? unsaid = outcome.Missing.FirstOrDefault(entry => entry.Position < World.Durable && !holes.Any(hole => hole.From <= entry.Position && entry.End <= hole.To));
        return unsaid is not null ? $"{unsaid} is lost, and stood in no hole that was reported"
            : holes.Sum(static hole => hole.To - hole.From) != outcome.CountedBytes ? $"{outcome.CountedBytes} bytes are counted, of holes {string.Join(", ", holes)}"
            : null;

        static long Number(Match match, int group) => long.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"has nothing readable from (\d+) to (\d+)")]
    private static partial Regex Hole();

    private static string? CountsAll(DamageOutcome outcome) =>
        outcome.Counted == outcome.Missing.Count ? null : $"{outcome.Missing.Count} entries are lost, and {outcome.Counted} are counted";
}
