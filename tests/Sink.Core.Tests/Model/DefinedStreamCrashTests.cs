using Sink.Core.Packing;
using Sink.Core.Storage;
using Sink.Core.Tests.Compressing;

namespace Sink.Core.Tests.Model;

/// <summary>Deaths and failures around a change of a stream's definition, and definitions or compressors that are not at hand.</summary>
public class DefinedStreamCrashTests
{
    public static TheoryData<string, string> Changes() => new() { { "otlp-json", "otlp-binpb" }, { "header", "header" }, { "entries", "none" }, { "none", "dates" }, { "otlp-binpb", "entries" }, { "json-array", "separated" }, { "separated", "json-array" } };

    [Theory]
    [MemberData(nameof(Changes))]
    public void NoCrashAroundAChangeBreaksAPromise(string first, string second) => CrashPoints.Check(world =>
    {
        Begin(world, first, second);
        world.Pack();
        world.Checkpoint();
        world.Append(1, "a", 300);
        world.CommitAll();
        world.Kill();
        world.Open();
        world.Append(2, "a", 300);
        world.CommitAll();
        world.Pack();
        world.Seal();
    });

    [Theory]
    [MemberData(nameof(Changes))]
    public void NoFailureAroundAChangeLosesAnEntryOrItsCount(string first, string second)
    {
        for (int call = 0, calls = 1; call < calls; call++)
        {
            JournalWorld world = JournalWorld.Create();
            Begin(world, first, second);
            world.Kill();
            world.Open();
            world.Append(2, "a", 300);
            world.CommitAll();
            int seen = 0;
            world.Trouble = _ => seen++ == call ? new IOException($"call {call}") : null;
            world.Pack();
            world.Checkpoint();
            world.Pack();
            world.Trouble = null;
            calls = Math.Max(calls, seen);
            world.CommitAll();
            world.Pack();

            Assert.True(world.Lane.BacklogEntries == world.Oracle.Entries.Count, $"call {call}: {world.Lane.BacklogEntries} of {world.Oracle.Entries.Count}");
            world.Check();
            world.Drain();
        }
    }

    // The zone is not installed here, or a newer version wrote it: frames of two framings in one object nobody could read.
    [Fact]
    public void AnObjectWhoseDefinitionIsNotKnownHereIsLeftForWhoKnowsIt()
    {
        JournalWorld world = JournalWorld.Create();
        world.Lanes[0].Definitions = (_, run) => Definition("otlp-json", run);
        world.Open();
        world.Append(12, "a", 400);
        world.CommitAll();
        world.Pack();
        world.Checkpoint();
        world.Append(3, "a", 400);
        world.CommitAll();
        world.Kill();
        byte[] known = ReplaceDefinition(world, static definition => (definition with { DirectoryFormat = "yyyy/MM/dd", TimeZone = "Mars/Olympus" }).Encode());

        JournalException exception = Assert.Throws<JournalException>(() => world.Open());

        Assert.Contains("begun with a definition that this machine or version does not know", exception.Message, StringComparison.Ordinal);
        ReplaceDefinition(world, _ => known);
        world.Lanes[0].Run--;
        world.Open();
        Assert.Equal(15, world.Drain().Count);
    }

    // Nothing of it is open: it is kept as it is, for a machine that knows it.
    [Fact]
    public void ADefinitionThatIsNotKnownHereStaysInTheCheckpoint()
    {
        JournalWorld world = JournalWorld.Create();
        world.Lanes[0].Definitions = (stream, run) => stream == "a" && run == 1 ? Definition("otlp-json", run) : null;
        world.Open();
        world.Append(1, "web", 300);
        world.Append(3, "a", 400);
        world.CommitAll();
        world.Pack();
        world.Seal();
        world.Append(1, "web", 300);
        world.CommitAll();
        world.Kill();
        ReplaceDefinition(world, static definition => (definition with { DirectoryFormat = "yyyy/MM/dd", TimeZone = "Mars/Olympus" }).Encode());
        byte[] unknown = Assert.Single(Read(world).Streams).Definition;

        world.Open();
        world.Checkpoint();

        Assert.Equal(unknown, Assert.Single(Read(world).Streams).Definition);
        Assert.Equal(world.Oracle.Entries.Count, world.Drain().Count);
    }

    [Theory]
    [InlineData("otlp-jsonl", "none")]
    [InlineData("otlp-jsonl", "otlp-binpb")]
    [InlineData("none", "otlp-binpb")]
    public void WhereTheCompressorIsGoneTooEachDefinitionHasItsObject(string first, string second)
    {
        JournalWorld world = WithOwnCompressor((_, run) => Definition(run == 1 ? first : second, run));
        LoseCompressor(world);
        world.Open();
        world.Append(3, "a", 400);
        world.CommitAll();

        Assert.Equal(6, world.Drain().Count);
        string[] expected = [first == "none" ? "ndjson" : first, second == "none" ? "ndjson" : second];
        Assert.Equal(expected, BucketObject.ReadAll(world.Disk).OrderBy(static found => found.Metadata.Ordinal).Select(static found => found.Metadata.Framing));
    }

    [Fact]
    public void WhatWasBegunWithACompressorThatIsGoneIsSealedBeforeWhatCameAfter()
    {
        JournalWorld world = WithOwnCompressor((_, run) => Definition(run switch { 1 => "otlp-binpb", 2 => "header", _ => "otlp-json" }, run));
        world.Open();
        world.Append(3, "a", 400);
        world.CommitAll();
        world.Kill();
        LoseCompressor(world);
        world.Open();
        world.Append(3, "a", 400);
        world.CommitAll();

        Assert.Equal(9, world.Drain().Count);
        List<long> positions = [.. BucketObject.ReadAll(world.Disk).OrderBy(static found => found.Metadata.Ordinal).Select(static found => found.Metadata.FirstPosition)];
        Assert.Equal(positions.Order(), positions);
    }

    private static void Begin(JournalWorld world, string first, string second)
    {
        world.Lanes[0].Definitions = (stream, run) => stream == "a" ? Definition(run % 2 == 1 ? first : second, run) : null;
        world.Open();
        world.Append(1, "web", 300);
        world.Append(3, "a", 600);
        world.Append("a", 300, TimeSpan.FromDays(40));
        world.CommitAll();
        world.Pack();
        world.Checkpoint();
        world.Append(1, "a", 300);
        world.CommitAll();
        world.Kill();
        world.Open();
        world.Append(2, "a", 300);
        world.Append("a", 300, TimeSpan.FromDays(40));
        world.Append(1, "web", 300);
        world.CommitAll();
    }

    /// <summary>All is in its file, and nothing to be packed again.</summary>
    private static JournalWorld WithOwnCompressor(Func<string, int, StreamDefinition?> definitions)
    {
        JournalWorld world = JournalWorld.Create();
        ModelLane lane = world.Lanes[0];
        lane.Compressor = OwnCompressor.Find();
        lane.Packing = lane.Packing with { Custom = lane.Compressor!.Kind };
        lane.Definitions = definitions;
        world.Open();
        world.Append(3, "a", 400);
        world.CommitAll();
        world.Pack();
        world.Lane.Packer.FreeLog();
        world.Kill();
        return world;
    }

    private static void LoseCompressor(JournalWorld world)
    {
        world.Lanes[0].Compressor = null;
        world.Lanes[0].Packing = new PackingSettings("ndjson", Compression.Zstd, 1, "yyyy/MM/dd", "UTC");
    }

    private static Checkpoint Read(JournalWorld world) => CheckpointFile.Decode(world.Disk.ReadFile($"journal/0/{CheckpointFile.First}"))!;

    /// <summary>Returns what was there.</summary>
    private static byte[] ReplaceDefinition(JournalWorld world, Func<StreamDefinition, byte[]> replace)
    {
        Checkpoint checkpoint = Read(world);
        StreamRecord record = Assert.Single(checkpoint.Streams);
        byte[] bytes = replace(StreamDefinition.TryDecode(record.Definition) ?? StreamDefinition.Lost);
        StorageDirectory directory = world.Disk.Root.CreateDirectory("journal", SyncSite.JournalDirectory).CreateDirectory("0", SyncSite.JournalDirectory);
        CheckpointFile.Write(directory, checkpoint with { Sequence = checkpoint.Sequence + 1, Streams = [record with { Definition = bytes }] });
        return record.Definition;
    }

    private static StreamDefinition? Definition(string name, int run) => DefinedStreamTests.Definition(name, run);
}
