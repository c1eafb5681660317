using System.Text;
using Sink.Core.Delivery;
using Sink.Core.Diagnostics;
using Sink.Core.Lanes;
using Sink.Core.Log;
using Sink.Core.Storage;
using Sink.Core.Tests.Model;

namespace Sink.Core.Tests.Paths;

/// <summary>A lane and its bucket on the real disk, beside a directory that is none of the journal's business.</summary>
internal sealed class RealLane : IDisposable
{
    private readonly string _root = Path.Join(Path.GetTempPath(), $"s3journal-paths-{Guid.NewGuid():N}");
    private ulong _epochs;

    public RealLane()
    {
        System.IO.Directory.CreateDirectory(Outside);
        System.IO.Directory.CreateDirectory(Bucket);
    }

    public string Directory => Path.Join(_root, "journal", "0");

    public string Outside => Path.Join(_root, "outside");

    public string Bucket => Path.Join(_root, "bucket");

    public List<JournalFailure> Failures { get; } = [];

    public IEnumerable<string> Names => System.IO.Directory.EnumerateFileSystemEntries(Directory).Select(static path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    /// <summary>Leaves a sealed object, an open one with frames in its file, a segment, and entries that only the ring has.</summary>
    public void Live()
    {
        using Lane lane = Open();
        Append(lane, 0, 10);
        Commit(lane);
        Pack(lane);
        Assert.NotNull(lane.SealBelow(lane.Log.Head));
        Append(lane, 10, 6);
        Commit(lane);
        Pack(lane);
        lane.Packer.WriteCheckpoint();
        Append(lane, 16, 3);
        Commit(lane);
        Append(lane, 19, 2);
    }

    /// <summary>Opens what is there, delivers all it can, and closes.</summary>
    public void Drain()
    {
        using Lane lane = Open();
        for (int round = 0; round < 2; round++)
        {
            Commit(lane);
            Pack(lane);
            Assert.NotNull(lane.SealBelow(lane.Log.Head));
            while (lane.Backlog.TryTake(out SealedName name))
            {
                lane.Uploader.DeliverAsync(name, default).GetAwaiter().GetResult();
            }
        }

        lane.TryClose();
    }

    /// <summary>How many different entries the bucket holds.</summary>
    public int Delivered()
    {
        HashSet<int> found = [];
        foreach (string path in System.IO.Directory.EnumerateFiles(Bucket, "*", SearchOption.AllDirectories).Where(static path => Path.GetFileName(path)[0] != '.'))
        {
            string metadata = Path.Join(Path.GetDirectoryName(path), StoreKey.MetadataOf(Path.GetFileName(path)));
            BucketObject stored = new(Path.GetRelativePath(Bucket, path), File.ReadAllBytes(path), File.ReadAllText(metadata));
            found.UnionWith(stored.Payloads().Select(static payload => ModelEntry.IdOf(payload)));
        }

        return found.Count;
    }

    public Lane Open(LaneSettings? settings = null)
    {
        StorageDirectory directory = DiskDirectory.OpenPath(Directory);
        DirectoryStore store = new(DiskDirectory.OpenPath(Bucket).FollowingLinks(), "file:///bucket");
        LanePlace place = new(directory, directory, 0, store, new JournalClock(TimeProvider.System));
        return Lane.Open(place, settings ?? new ModelLane(0).Settings(), ++_epochs, Failures.Add);
    }

    public static void Append(Lane lane, int first, int count, string stream = "web", long? timestamp = null)
    {
        byte[] name = Encoding.UTF8.GetBytes(stream);
        for (int i = first; i < first + count; i++)
        {
            ModelEntry entry = ModelEntry.Create(i, 0, stream, 0, 600);
            Assert.Equal(AppendResult.Stored, lane.Log.Append(name, lane.Log.NameState(name), timestamp ?? JournalWorld.Birth.UtcTicks, entry.Payload, FrameTag.Plain, out _));
        }
    }

    public static void Commit(Lane lane)
    {
        while (lane.Log.Commit())
        {
        }
    }

    public static void Pack(Lane lane)
    {
        while (lane.Pack())
        {
        }
    }

    /// <summary>Every file below a directory, with its bytes; of a link, where it leads.</summary>
    public static Dictionary<string, string> Snapshot(string directory) => System.IO.Directory
        .EnumerateFiles(directory, "*", SearchOption.AllDirectories)
        .ToDictionary(path => Path.GetRelativePath(directory, path), static path => Convert.ToHexString(File.ReadAllBytes(path)));

    public void Dispose() => System.IO.Directory.Delete(_root, recursive: true);
}
