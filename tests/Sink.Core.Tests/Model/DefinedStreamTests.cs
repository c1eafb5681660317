using Sink.Core.Packing;

namespace Sink.Core.Tests.Model;

/// <summary>Streams with definitions, where the random lives rarely come: damage, lost checkpoints, and changes between two runs.</summary>
public class DefinedStreamTests
{
    public static TheoryData<string, string> Changes()
    {
        string[] all = ["none", "otlp-binpb", "otlp-json", "otlp-jsonl", "json-array", "separated", "dates", "header", "entries"];
        return [.. all.SelectMany(one => all.Select(other => (one, other)))];
    }

    // The first run's entries wait in the log, in a buffer, or in a file when the second begins with another definition.
    [Theory]
    [MemberData(nameof(Changes))]
    public void EachRunsEntriesAreUnderItsOwnDefinition(string first, string second)
    {
        foreach (int progress in Enumerable.Range(0, 4))
        {
            JournalWorld world = JournalWorld.Create();
            world.Lanes[0].Definitions = (stream, run) => stream == "a" ? Definition(run % 2 == 1 ? first : second, run) : null;
            world.Open();

            // Stays in its buffer, and holds the log back: every definition is met again when entries are packed again.
            world.Append(1, "web", 300);
            world.Append(5, "a", 300);
            if (progress > 0)
            {
                world.CommitAll();
                world.Pack();
            }

            if (progress > 1)
            {
                world.Append(progress == 2 ? 1 : 4, "a", 300);
                world.CommitAll();
                world.Pack();
                world.Checkpoint();
            }

            world.Kill();
            world.Open();
            world.Append(5, "a", 300);
            world.Check();
            world.CommitAll();
            world.Pack();
            world.Checkpoint();
            world.Kill();
            world.Open();
            world.Append(2, "a", 300);

            Assert.Equal(world.Oracle.Entries.Count, world.Drain().Count);
            Assert.All(BucketObject.ReadAll(world.Disk), static found => Assert.NotEqual("length", found.Metadata.Framing));
        }
    }

    // Rot in the frame with the first entries, in the one before it that opens the document, in those between and in the middle.
    [Theory]
    [InlineData("otlp-json", 2)]
    [InlineData("otlp-json", 40)]
    [InlineData("otlp-json", 1500)]
    [InlineData("otlp-jsonl", 40)]
    [InlineData("otlp-binpb", 40)]
    [InlineData("json-array", 2)]
    [InlineData("json-array", 40)]
    [InlineData("json-array", 1500)]
    [InlineData("separated", 40)]
    [InlineData("separated", 1500)]
    public void RotInAnOpenObjectLeavesADocument(string framing, int offset)
    {
        JournalWorld world = JournalWorld.Create();
        world.Lanes[0].Definitions = (stream, run) => Definition(framing, run);
        world.Open();
        world.Append(12, "a", 400);
        world.CommitAll();
        world.Pack();
        world.Checkpoint();
        world.Disk.FlipBit("journal/0/000000000000-0.object", offset, 1);
        world.Oracle.MayMissAny = true;
        world.Lanes[0].MayReportDamage = true;

        int delivered = world.Drain().Count;

        Assert.InRange(delivered, 6, offset == 2 ? 12 : 11);
        Assert.Equal(world.Oracle.Entries.Count, delivered + world.Lane.Log.Dropped[DropCause.Damaged]);
    }

    // Every byte of an open object, so each frame with entries and each between two: what is left is read as it should be, and no entry is lost in silence.
    [Theory]
    [InlineData("json-array")]
    [InlineData("separated")]
    [InlineData("otlp-json")]
    public void RotAnywhereInAnOpenObjectLeavesItsStructure(string framing)
    {
        HashSet<int> delivered = [];
        int length = int.MaxValue;
        for (int offset = 0; offset < length; offset += 7)
        {
            JournalWorld world = JournalWorld.Create();
            world.Lanes[0].Definitions = (stream, run) => Definition(framing, run);
            world.Open();
            world.Append(9, "a", 400);
            world.CommitAll();
            world.Pack();
            world.Lane.Packer.FreeLog();
            length = world.Disk.ReadFile("journal/0/000000000000-0.object").Length;
            world.Disk.FlipBit("journal/0/000000000000-0.object", offset, 1);
            world.Oracle.MayMissAny = true;
            world.Lanes[0].MayReportDamage = true;

            int count = world.Drain().Count;

            Assert.Equal(world.Oracle.Entries.Count, count + world.Lane.Log.Dropped[DropCause.Damaged]);
            delivered.Add(count);
        }

        // Structure alone costs no entry; a frame does.
        Assert.Contains(9, delivered);
        Assert.True(delivered.Count > 1 && delivered.Min() > 0, string.Join(' ', delivered));
    }

    // A program of old that wrote such arrays left them open for ever after a restart.
    [Fact]
    public void AnArrayBegunByAKilledRunIsClosedAndDeliveredByTheNext()
    {
        JournalWorld world = JournalWorld.Create();
        world.Lanes[0].Definitions = (stream, run) => stream == "a" && run == 1 ? Definition("json-array", run) : null;
        world.Open();
        world.Append(9, "a", 400);
        world.CommitAll();
        world.Pack();
        world.Checkpoint();
        string open = BeginningOf(world.Disk.ReadFile("journal/0/000000000000-0.object"));
        world.Kill();

        // Nobody opens the stream again.
        world.Open();
        int delivered = world.Drain().Count;

        Assert.StartsWith("[{", open, StringComparison.Ordinal);
        Assert.False(open.EndsWith(']'));
        Assert.Equal(9, delivered);
        byte[] array = BucketObject.Decompress(Assert.Single(BucketObject.ReadAll(world.Disk)).Bytes, "zstd");
        Assert.Equal(9, System.Text.Json.Nodes.JsonNode.Parse(array)!.AsArray().Count);
    }

    // The definition stood in a segment that is gone, and in the checkpoint. What the log still holds is kept byte for byte.
    [Fact]
    public void WithoutACheckpointEntriesOfALostDefinitionAreKeptAsTheyAre()
    {
        JournalWorld world = JournalWorld.Create();
        world.Lanes[0].Definitions = (stream, run) => Definition("otlp-json", run);
        world.Open();
        for (int i = 0; i < 6; i++)
        {
            world.Append(10, "a", 700);
            world.CommitAll();
        }

        world.Pack();
        world.Seal();
        while (world.Deliver())
        {
        }

        int before = world.Oracle.Entries.Count;
        world.Append(3, "a", 700);
        world.CommitAll();
        world.Disk.FlipBit("journal/0/checkpoint.1", 30, 2);
        world.Disk.FlipBit("journal/0/checkpoint.2", 30, 2);
        world.Kill();
        world.Lanes[0].MayReportDamage = true;
        world.Open();
        world.Append(2, "a", 100);
        world.CommitAll();
        world.Pack();
        world.Seal();
        while (world.Deliver())
        {
        }

        Assert.Contains(world.Lanes[0].Failures, static failure => failure.Message.Contains("The definition of the stream a", StringComparison.Ordinal) && failure.Message.Contains("is lost", StringComparison.Ordinal));
        List<BucketObject> objects = [.. BucketObject.ReadAll(world.Disk)];
        Assert.Contains(objects, static found => found.Metadata is { Framing: "length", Encoding: "unknown" } && found.Key.EndsWith(".bin.zst", StringComparison.Ordinal));
        HashSet<int> found = [.. objects.SelectMany(static item => item.Payloads()).Select(static payload => ModelEntry.IdOf(payload))];
        Assert.Superset(Enumerable.Range(before, 5).ToHashSet(), found);
    }

    private static string BeginningOf(byte[] frames) => System.Text.Encoding.UTF8.GetString(BucketObject.Decompress(frames, "zstd"));

    internal static StreamDefinition? Definition(string name, int run)
    {
        if (name is "json-array" or "separated")
        {
            return ModelDefinitions.Create(name, run);
        }

        StreamDefinition definition = new() { Framing = name, Encoding = "otlp-logs", Header = name.StartsWith("otlp-json", StringComparison.Ordinal) ? [.. "\"resource\":{\"a\":1}"u8] : [0x0A, 1, 0] };
        return name switch
        {
            "none" => null,
            "dates" => definition with { Framing = "otlp-binpb", DirectoryFormat = "yyyy/MM", TimeZone = "UTC" },
            "entries" => definition with { Framing = "otlp-binpb", MaxObjectEntries = 2 },
            "header" => definition with { Framing = "otlp-binpb", Header = [0x0A, 1, (byte)run] },
            _ => definition,
        };
    }
}
