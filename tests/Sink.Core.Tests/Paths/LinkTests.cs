using S3Journal.Proofs;
using Sink.Core.Delivery;
using Sink.Core.Lanes;
using Sink.Core.Log;
using Sink.Core.Packing;
using Sink.Core.Storage;

namespace Sink.Core.Tests.Paths;

/// <summary>
/// A link in place of each of a lane's files, to the very bytes that the file had: so whoever follows it finds nothing wrong. What
/// it leads to stays as it is, and is never put into the bucket.
/// </summary>
public class LinkTests
{
    [Fact]
    public void WhatASymbolicLinkLeadsToStaysAndIsNotDelivered()
    {
        int links = 0;
        foreach (string victim in Files())
        {
            using RealLane lane = new();
            lane.Live();
            string outside = MoveOut(lane, victim, isHard: false);
            Dictionary<string, string> before = RealLane.Snapshot(lane.Outside);
            string content = before.Values.Single();
            lane.Drain();
            Assert.Equal(before, RealLane.Snapshot(lane.Outside));
            Assert.DoesNotContain(RealLane.Snapshot(lane.Bucket).Values, stored => stored == content);
            Assert.True(lane.Failures.Any(failure => failure.Message.Contains("is a link", StringComparison.Ordinal) && failure.Message.Contains(victim, StringComparison.Ordinal)), $"{victim}: {string.Join(" | ", lane.Failures.Select(static failure => failure.Message))}");
            Assert.Contains(lane.Names, name => name.StartsWith(victim, StringComparison.Ordinal) && Quarantine.TryParse(name, out _));
            Assert.True(File.Exists(outside));
            links++;
        }

        Figures.Report("symbolic links in a lane", ("files", links));
    }

    // No program can tell which of two names is the right one: the bytes are read and delivered, and never changed in place.
    [Fact]
    public void WhatAHardLinkSharesIsNotChanged()
    {
        int links = 0;
        foreach (string victim in Files())
        {
            using RealLane lane = new();
            lane.Live();
            MoveOut(lane, victim, isHard: true);
            Dictionary<string, string> before = RealLane.Snapshot(lane.Outside);
            lane.Drain();
            Assert.Equal(before, RealLane.Snapshot(lane.Outside));
            Assert.Equal(21, lane.Delivered());
            links++;
        }

        Figures.Report("hard links in a lane", ("files", links));
    }

    [Fact]
    public void ALaneThatIsALinkIsNotEntered()
    {
        using RealLane lane = new();
        lane.Live();
        string outside = Path.Join(lane.Outside, "lane");
        Directory.Move(lane.Directory, outside);
        Directory.CreateSymbolicLink(lane.Directory, outside);
        Dictionary<string, string> before = RealLane.Snapshot(lane.Outside);
        LaneDirectories lanes = new(DiskDirectory.OpenPath(Path.GetDirectoryName(lane.Directory)!));
        (_, int number, IDisposable taken) = lanes.Take(exclusive: false);
        using (taken)
        {
            Assert.Equal(1, number);
            Assert.Null(lanes.TakeOrphan(1, -1, static (_, _) => throw new InvalidOperationException("it was looked into")));
        }

        Assert.Equal(before, RealLane.Snapshot(lane.Outside));
    }

    // Whose journal it is may be on another volume, as its owner likes.
    [Fact]
    public void TheJournalsOwnDirectoryMayBeALink()
    {
        using RealLane lane = new();
        string journal = Path.GetDirectoryName(lane.Directory)!;
        Directory.CreateSymbolicLink(journal, lane.Outside);
        lane.Live();
        lane.Drain();
        Assert.Equal(21, lane.Delivered());
    }

    /// <summary>The names of everything that a lane has, as one that was lived in has them.</summary>
    private static List<string> Files()
    {
        using RealLane lane = new();
        lane.Live();
        List<string> names = [.. lane.Names.Where(static name => name != Ballast.FileName)];
        Assert.Contains(names, static name => SegmentName.TryParse(name, out _));
        Assert.Contains(names, static name => SealedName.TryParse(name, out _));
        Assert.Equal(2, names.Count(static name => StagedName.TryParse(name, out _, out _)));
        Assert.Contains("ring", names);
        Assert.Contains(CheckpointFile.First, names);
        Assert.Contains(LaneIdentity.FileName, names);
        return names;
    }

    /// <summary>Moves the file out, and leaves a link. An open object's gets a tail, as one whose last write no checkpoint knows: it would be cut off.</summary>
    private static string MoveOut(RealLane lane, string name, bool isHard)
    {
        string inside = Path.Join(lane.Directory, name);
        string outside = Path.Join(lane.Outside, "canary");
        File.Move(inside, outside);
        if (StagedName.TryParse(name, out _, out _))
        {
            File.AppendAllText(outside, "and a tail that no checkpoint knows");
        }

        if (isHard)
        {
            HardLink.Make(outside, inside);
        }
        else
        {
            File.CreateSymbolicLink(inside, outside);
        }

        return outside;
    }
}
