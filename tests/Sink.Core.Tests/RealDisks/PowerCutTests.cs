using System.Text;
using DiskWriter;
using S3Journal.Proofs;

namespace Sink.Core.Tests.RealDisks;

/// <summary>
/// Real file systems, cut off at random moments while a journal and its file:// store write to them, mounted again, and opened by
/// the next process, which is cut off too: in its recovery, among its appends, commits, seals and deliveries.
/// </summary>
public sealed class PowerCutTests
{
    /// <summary>Then the volume is made anew, so that it stays small.</summary>
    private const int CutsOfOneVolume = 25;

    [Theory]
    [Trait(LongForm.Trait, LongForm.Yes)]
    [InlineData("ext4", 160L << 20)]
    [InlineData("xfs", 320L << 20)]
    public async Task WhatWasSyncedBeforeTheCutIsDeliveredOnceAndInOrder(string fileSystem, long bytes)
    {
        long cuts = LongForm.Count(12, 500);
        Random random = new(LongForm.Seed);
        CutCounts counts = new();
        for (int done = 0; done < cuts;)
        {
            using MountedVolume volume = MountedVolume.InFile(fileSystem, bytes);
            List<(int Appended, int Synced)> lives = [];
            for (int cycle = 0; cycle < CutsOfOneVolume && done < cuts; cycle++, done++)
            {
                lives.Add(CutOnce(volume, cycle, random, counts));
                volume.Remount();
            }

            CutWriter.Drain(volume.Path);
            await CheckAsync(volume.Path, lives, counts);
        }

        // Else the cuts came when everything was on the disk, or before there was anything to lose, and show nothing.
        Assert.True(counts.LostUnsynced > 0, "no cut took anything");
        Assert.True(counts.Acknowledged >= cuts, $"{counts.Acknowledged} entries were synced before {cuts} cuts");
        Assert.InRange(counts.InRecovery, LongForm.Count(0, 10), cuts);
        Figures.Report($"power cuts on {fileSystem}", ("cuts", cuts), ("in recovery", counts.InRecovery), ("entries appended", counts.Appended), ("of them acknowledged as synced", counts.Acknowledged), ("delivered", counts.Delivered), ("unsynced and gone", counts.LostUnsynced), ("synced and lost", 0), ("doubled", 0), ("seed", $"{LongForm.Seed}"));
    }

    /// <summary>What a life told: how many entries were stored, and which was the newest that was synced before the cut.</summary>
    private static (int Appended, int Synced) CutOnce(MountedVolume volume, int cycle, Random random, CutCounts counts)
    {
        using CutWriter writer = CutWriter.Start(volume.Path, cycle, random.Next());

        // One cut in three while it opens: the first message comes right before.
        bool inRecovery = cycle > 0 && random.Next(3) == 0;
        writer.Read(inRecovery ? 1 : 2 + random.Next(400));

        // What it tells from here on may have come while the kernel shut the file system down. A sync whose transaction was given up for that
        // may still answer well (seen on ext4, about once in 200 cuts); where the power is really cut, nobody is left to hear it.
        int synced = writer.Synced;
        PowerSwitch.Cut(volume.Path);
        writer.End();
        counts.InRecovery += writer.HasOpened ? 0 : 1;
        counts.Appended += writer.Appended;
        return (writer.Appended, synced);
    }

    private static async Task CheckAsync(string root, List<(int Appended, int Synced)> lives, CutCounts counts)
    {
        Dictionary<(string Stream, int Cycle), List<int>> delivered = [];
        Dictionary<string, (int Cycle, int Number)> newest = [];
        using JournalReader reader = JournalReader.Open(new Uri(Path.Join(root, "store")).AbsoluteUri);
        List<JournalObject> objects = [];
        await foreach (JournalObject found in reader.ListAsync())
        {
            objects.Add(found);
        }

        Assert.Empty(reader.Warnings);
        Assert.Equal(["0"], Directory.GetDirectories(Path.Join(root, "journal")).Select(Path.GetFileName));
        foreach (JournalObject found in objects.OrderBy(o => o.Ordinal))
        {
            await foreach (ReadOnlyMemory<byte> entry in reader.ReadEntriesAsync(found))
            {
                string text = Encoding.UTF8.GetString(entry.Span);
                System.Text.Json.JsonElement document = System.Text.Json.JsonDocument.Parse(text).RootElement;
                (int cycle, int n) = (document.GetProperty("c").GetInt32(), document.GetProperty("n").GetInt32());
                Assert.Equal(Workload.Entry(cycle, n), text);
                Assert.Equal(Workload.StreamOf(n), found.Stream);
                Assert.True(!newest.TryGetValue(found.Stream, out (int, int) before) || before.CompareTo((cycle, n)) < 0, $"entry {n} of life {cycle} came after {before}");
                newest[found.Stream] = (cycle, n);
                (delivered.TryGetValue((found.Stream, cycle), out List<int>? numbers) ? numbers : delivered[(found.Stream, cycle)] = []).Add(n);
                counts.Delivered++;
            }
        }

        for (int cycle = 0; cycle < lives.Count; cycle++)
        {
            // One thread appended: what is left of its life is what it began with, without a gap, and at least up to the last sync.
            int[] numbers = [.. delivered.Where(pair => pair.Key.Cycle == cycle).SelectMany(pair => pair.Value).Order()];
            Assert.Equal(Enumerable.Range(0, numbers.Length), numbers);
            Assert.True(numbers.Length > lives[cycle].Synced, $"life {cycle}: entry {lives[cycle].Synced} was synced, and {numbers.Length} are there");
            counts.Acknowledged += lives[cycle].Synced + 1;
            counts.LostUnsynced += Math.Max(0, lives[cycle].Appended - numbers.Length);
        }
    }

    private sealed class CutCounts
    {
        public long InRecovery { get; set; }

        public long Appended { get; set; }

        public long Acknowledged { get; set; }

        public long Delivered { get; set; }

        public long LostUnsynced { get; set; }
    }
}
