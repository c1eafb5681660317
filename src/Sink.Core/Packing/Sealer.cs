using Sink.Core.Compressing;
using Sink.Core.Delivery;
using Sink.Core.Diagnostics;
using Sink.Core.Storage;

namespace Sink.Core.Packing;

/// <summary>
/// Gives ordinals, keys and chain hashes to objects as a checkpoint seals them. Works on a copy of the packer's numbers:
/// they become the packer's when the checkpoint is durable, and are forgotten when it is not.
/// </summary>
internal sealed class Sealer
{
    /// <summary>Partitions whose key times are remembered; with more at once, keys of one writer may sort out of order.</summary>
    private const int MostKeySeconds = 2000;

    private readonly StorageDirectory _directory;
    private readonly PackingPlan _plan;
    private readonly Dictionary<uint, int> _keySeconds;
    private readonly List<OrdinalRange> _drops;
    private DroppedEntries _dropped;

    public Sealer(StorageDirectory directory, PackingPlan plan, Checkpoint last, IEnumerable<OrdinalRange> drops, DroppedEntries dropped)
    {
        _directory = directory;
        _plan = plan;
        _drops = [.. drops];
        _dropped = dropped;
        _keySeconds = new Dictionary<uint, int>(last.LastKeySeconds);
        NextOrdinal = last.NextOrdinal;
        Previous = last.Previous;
    }

    /// <summary>For the objects' ids.</summary>
    public required RandomSource Random { get; init; }

    public long NextOrdinal { get; private set; }

    public string? Previous { get; private set; }

    /// <summary>What no object's metadata names yet.</summary>
    public IReadOnlyList<OrdinalRange> Drops => _drops;

    public DroppedEntries Dropped => _dropped;

    public IReadOnlyList<KeyValuePair<uint, int>> KeySeconds => [.. _keySeconds];

    /// <summary>Writes the sidecar of an object whose file is whole and synced.</summary>
    /// <param name="staged">The object.</param>
    /// <param name="digest">Of its file.</param>
    /// <param name="settled">Below it every ordinal was delivered or dropped.</param>
    /// <param name="now">Wall clock.</param>
    /// <exception cref="JournalException">Its metadata would not be readable; nothing was written.</exception>
    public SealedName Seal(StagedObject staged, ObjectDigest digest, long settled, DateTimeOffset now)
    {
        ObjectTally tally = staged.Tally;
        long ordinal = NextOrdinal;
        uint partition = HashOf(staged.Stream, staged.Partition);
        ObjectMetadata metadata = new()
        {
            Start = Milliseconds(tally.Start),
            End = Milliseconds(tally.End),
            WorkId = _plan.WorkId,
            DataVersion = _plan.DataVersion,
            Id = Random.NextHex(),
            Hash = digest.Hash,
            Source = _plan.Id,
            Stream = staged.Stream,
            Entries = tally.Entries,
            RawBytes = tally.RawBytes,
            Framing = staged.Form.Framing.Name,
            Delimiter = staged.Form.Framing.Delimiter,
            Encoding = staged.Form.Encoding,
            Compression = staged.Kind.Name,
            Epoch = _plan.Epoch,
            Lane = _plan.Lane,
            Ordinal = ordinal,
            FirstPosition = tally.First,
            LastPosition = tally.Last,
            Previous = Previous,
            Settled = Math.Min(settled, ordinal),
            Drops = _drops,
            Dropped = _dropped,
        };
        string document = metadata.Serialize(out int dropsWritten);
        CheckReadable(document, staged);
        Sidecar sidecar = new()
        {
            Key = ObjectKey.Format(new ObjectKeyParts
            {
                Shards = _plan.Shards,
                Stream = staged.Stream,
                Partition = staged.Partition,
                Time = KeyTime(partition, now),
                Id = _plan.Id,
                Epoch = _plan.Epoch,
                Ordinal = ordinal,
                NamePrefix = staged.Form.Framing.NamePrefix,
                Suffix = (staged.Form.Framing.Suffix + staged.Kind.Suffix).TrimStart('.'),
            }),
            Metadata = document,
            ContentType = staged.Kind == FrameKind.None ? staged.Form.Framing.ContentType : staged.Kind.ContentType,
            Length = staged.FileBytes,
            Md5 = digest.Md5,
            First = tally.First,
            Last = tally.Last,
            OpenedUtcTicks = staged.OpenedUtcTicks,
        };
        SealedName name = new(ordinal, staged.Id, staged.Generation, partition, tally.Entries);
        _directory.Replace(name.ToString(), sidecar.Encode(), SyncSite.Sidecar);

        _drops.RemoveRange(0, dropsWritten);
        _dropped = default;
        Previous = ObjectMetadata.ChainHash(document);
        NextOrdinal++;
        return name;
    }

    /// <summary>
    /// What no reader takes is never sealed. The limits of names and options rule it out; should they fail, it is a fault of this program, which
    /// no second try mends: the journal fails and says so, and everything stays in the log for a version that can.
    /// </summary>
    /// <exception cref="JournalException">The document would be refused.</exception>
    private void CheckReadable(string document, StagedObject staged)
    {
        if (!ObjectMetadata.TryParse(document, out _, out string error))
        {
            throw new JournalException($"An object of the stream \"{staged.Stream}\" in {_directory.Path} cannot be sealed, for its metadata would be unreadable: {error}. Its entries stay there.");
        }
    }

    /// <summary>Never below the time of the partition's previous object, so that one writer's keys sort in order although clocks are set back and days end.</summary>
    private int KeyTime(uint partition, DateTimeOffset now)
    {
        int time = ObjectKey.TimeOfDay(now);
        if (_keySeconds.TryGetValue(partition, out int last))
        {
            time = Math.Max(time, last);
        }
        else if (_keySeconds.Count >= MostKeySeconds)
        {
            _keySeconds.Clear();
        }

        _keySeconds[partition] = time;
        return time;
    }

    /// <summary>Two partitions that share a hash wait for each other in delivery, and nothing worse.</summary>
    private static uint HashOf(string stream, string partition) =>
        Crc32C.Of(System.Text.Encoding.UTF8.GetBytes(stream + "\n" + partition));

    private static long Milliseconds(long utcTicks) => (utcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond;
}
