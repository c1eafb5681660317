using Sink.Core.Delivery;
using Sink.Core.Storage;

namespace Sink.Core.Packing;

/// <summary>
/// The checkpoint on disk: two identical copies, so that one flipped bit does not cost the progress of the lane.
/// </summary>
internal static class CheckpointFile
{
    public const string First = "checkpoint.1";
    public const string Second = "checkpoint.2";

    private const uint Version = 1;

    // What an item takes in the file; of an open object, with empty texts and no compressed frame.
    private const int RangeBytes = 16;
    private const int KeySecondsBytes = 8;
    private const int FrameBytes = 16;
    private const int LeastObjectBytes = 83;
    private const int LeastStreamBytes = 18;
    private const int LeastDefinitionBytes = sizeof(int);

    private static ReadOnlySpan<byte> Magic => "S3JCHKP1"u8;

    /// <summary>The newer of the readable copies; null when there is none. <paramref name="damaged"/> tells how many copies exist that cannot be read.</summary>
    /// <exception cref="IOException">A copy cannot be opened, or the disk gives neither back: that may pass, and a lane that takes its checkpoint for lost delivers twice.</exception>
    public static Checkpoint? Read(StorageDirectory directory, out int damaged)
    {
        damaged = 0;
        Checkpoint? newest = null;
        IOException? unreadable = null;
        foreach (string name in (ReadOnlySpan<string>)[First, Second])
        {
            // A bad sector: as lost as a copy that reads wrong, when the other one is good.
            byte[]? bytes = directory.ReadAll(name, out IOException? failure);
            unreadable ??= failure;
            if (bytes is null)
            {
                continue;
            }

            Checkpoint? read = Decode(bytes);
            damaged += read is null ? 1 : 0;
            if (read is not null && (newest is null || read.Sequence > newest.Sequence))
            {
                newest = read;
            }
        }

        return newest is null && unreadable is not null
            ? throw new IOException($"The checkpoint in {directory.Path} cannot be read: {unreadable.Message}", unreadable)
            : newest;
    }

    /// <summary>
    /// Writes both copies and makes their names durable. One sync of the directory serves both: until it returns, a
    /// power loss may leave either copy old or new, and the old checkpoint is still true, for nothing was freed.
    /// </summary>
    public static void Write(StorageDirectory directory, Checkpoint checkpoint)
    {
        byte[] bytes = Encode(checkpoint);
        directory.Replace(First, bytes, SyncSite.Checkpoint);
        directory.Replace(Second, bytes, SyncSite.Checkpoint);
        directory.SyncNames(SyncSite.CheckpointNames);
    }

    public static byte[] Encode(Checkpoint checkpoint) => RecordFile.Write(Magic, Version, writer => Write(writer, checkpoint));

    /// <summary>Null when the bytes are not a whole, unaltered checkpoint, or say what none of ours says.</summary>
    public static Checkpoint? Decode(byte[] bytes) =>
        RecordFile.Decode(bytes, Magic, Version, ReadBody) is { } checkpoint && CheckpointLimits.Holds(checkpoint) ? checkpoint : null;

    private static Checkpoint ReadBody(BinaryReader reader) => new()
    {
        Sequence = reader.ReadInt64(),
        Run = reader.ReadUInt32(),
        Closed = reader.ReadBoolean(),
        Routed = reader.ReadInt64(),
        Packing = reader.ReadString(),
        NextOrdinal = reader.ReadInt64(),
        NextObjectId = reader.ReadInt64(),
        Previous = reader.ReadString() is { Length: > 0 } previous ? previous : null,
        Drops = ReadList(reader, RangeBytes, static reader => new OrdinalRange(reader.ReadInt64(), reader.ReadInt64())),
        Dropped = new DroppedEntries(reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64()),
        LastKeySeconds = ReadList(reader, KeySecondsBytes, static reader => KeyValuePair.Create(reader.ReadUInt32(), reader.ReadInt32())),
        Objects = ReadList(reader, LeastObjectBytes, ReadObject),
        Streams = ReadStreams(reader),
    };

    private static void Write(BinaryWriter writer, Checkpoint checkpoint)
    {
        writer.Write(checkpoint.Sequence);
        writer.Write(checkpoint.Run);
        writer.Write(checkpoint.Closed);
        writer.Write(checkpoint.Routed);
        writer.Write(checkpoint.Packing);
        writer.Write(checkpoint.NextOrdinal);
        writer.Write(checkpoint.NextObjectId);
        writer.Write(checkpoint.Previous ?? "");
        writer.Write(checkpoint.Drops.Count);
        foreach (OrdinalRange range in checkpoint.Drops)
        {
            writer.Write(range.From);
            writer.Write(range.To);
        }

        writer.Write(checkpoint.Dropped.Policy);
        writer.Write(checkpoint.Dropped.GivenUp);
        writer.Write(checkpoint.Dropped.Quarantined);

        writer.Write(checkpoint.LastKeySeconds.Count);
        foreach ((uint partition, int second) in checkpoint.LastKeySeconds)
        {
            writer.Write(partition);
            writer.Write(second);
        }

        writer.Write(checkpoint.Objects.Count);
        foreach (ObjectRecord record in checkpoint.Objects)
        {
            Write(writer, record);
        }

        Write(writer, checkpoint.Streams);
    }

    /// <summary>Each definition once: the streams of a program have few.</summary>
    private static void Write(BinaryWriter writer, IReadOnlyList<StreamRecord> streams)
    {
        Dictionary<byte[], int> indexes = new(new BytesComparer());
        List<byte[]> definitions = [];
        int[] indexOf = new int[streams.Count];
        for (int i = 0; i < streams.Count; i++)
        {
            if (!indexes.TryGetValue(streams[i].Definition, out indexOf[i]))
            {
                indexOf[i] = definitions.Count;
                indexes.Add(streams[i].Definition, definitions.Count);
                definitions.Add(streams[i].Definition);
            }
        }

        writer.Write(definitions.Count);
        foreach (byte[] definition in definitions)
        {
            writer.Write(definition.Length);
            writer.Write(definition);
        }

        writer.Write(streams.Count);
        for (int i = 0; i < streams.Count; i++)
        {
            writer.Write(streams[i].Stream);
            writer.Write(streams[i].Number);
            writer.Write(streams[i].Since);
            writer.Write(streams[i].OwnCompression);
            writer.Write(indexOf[i]);
        }
    }

    private static List<StreamRecord> ReadStreams(BinaryReader reader)
    {
        List<byte[]> definitions = ReadList(reader, LeastDefinitionBytes, static reader => reader.ReadBytes(RecordFile.ReadCount(reader, leastItemBytes: 1)));
        return ReadList(reader, LeastStreamBytes, reader =>
        {
            string stream = reader.ReadString();
            int number = reader.ReadInt32();
            long since = reader.ReadInt64();
            bool ownCompression = reader.ReadBoolean();
            int index = reader.ReadInt32();
            return index >= 0 && index < definitions.Count ? new StreamRecord(stream, number, since, ownCompression, definitions[index]) : throw new InvalidDataException($"There is no definition {index}.");
        });
    }

    private static void Write(BinaryWriter writer, ObjectRecord record)
    {
        writer.Write(record.Id);
        writer.Write(record.Generation);
        writer.Write(record.Stream);
        writer.Write(record.Partition);
        writer.Write(record.Late);
        writer.Write(record.OpenedUtcTicks);
        writer.Write(record.Resume);
        writer.Write(record.Tally.Entries);
        writer.Write(record.Tally.RawBytes);
        writer.Write(record.Tally.Start);
        writer.Write(record.Tally.End);
        writer.Write(record.Tally.First);
        writer.Write(record.Tally.Last);
        writer.Write(record.Frames.Count);
        foreach (CompressedFrame frame in record.Frames)
        {
            writer.Write(frame.Length);
            writer.Write(frame.Checksum);
            writer.Write(frame.Entries);
            writer.Write(frame.RawBytes);
        }
    }

    private static ObjectRecord ReadObject(BinaryReader reader) => new()
    {
        Id = reader.ReadInt64(),
        Generation = reader.ReadInt32(),
        Stream = reader.ReadString(),
        Partition = reader.ReadString(),
        Late = reader.ReadBoolean(),
        OpenedUtcTicks = reader.ReadInt64(),
        Resume = reader.ReadInt64(),
        Tally = new ObjectTally
        {
            Entries = reader.ReadInt64(),
            RawBytes = reader.ReadInt64(),
            Start = reader.ReadInt64(),
            End = reader.ReadInt64(),
            First = reader.ReadInt64(),
            Last = reader.ReadInt64(),
        },
        Frames = ReadList(reader, FrameBytes, static reader => new CompressedFrame(reader.ReadInt32(), reader.ReadUInt32(), reader.ReadInt32(), reader.ReadInt32())),
    };

    private static List<T> ReadList<T>(BinaryReader reader, int leastItemBytes, Func<BinaryReader, T> read)
    {
        int count = RecordFile.ReadCount(reader, leastItemBytes);
        List<T> list = new(count);
        for (int i = 0; i < count; i++)
        {
            list.Add(read(reader));
        }

        return list;
    }

    private sealed class BytesComparer : IEqualityComparer<byte[]>
    {
        public bool Equals(byte[]? one, byte[]? other) => one.AsSpan().SequenceEqual(other);

        public int GetHashCode(byte[] bytes) => (int)Crc32C.Of(bytes);
    }
}
