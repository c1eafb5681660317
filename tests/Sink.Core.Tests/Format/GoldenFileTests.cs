using System.Text;
using Sink.Core.Delivery;
using Sink.Core.Lanes;
using Sink.Core.Log;
using Sink.Core.Packing;
using Sink.Core.Storage;
using Sink.Core.Tests.Fakes;

namespace Sink.Core.Tests.Format;

/// <summary>Each file of the format both ways: the code writes exactly these bytes, and reads these values out of them.</summary>
public class GoldenFileTests
{
    private const long RingCapacity = 65_536;

    private static readonly Run _run = new(7, 0x1122_3344_5566_7788);
    private static readonly SegmentName _segmentName = new(3, 8);
    private static readonly long _ticks = new DateTime(2026, 11, 22, 10, 15, 0, DateTimeKind.Utc).Ticks;

    private static readonly (long Position, long Timestamp, string Name, string Payload)[] _entries =
    [
        (8, _ticks, "orders/api", """{"n":1}"""),
        (56, _ticks + 1, "orders/api", """{"n":22}"""),
        (104, _ticks + 2, "audit", """{"ok":true}"""),
    ];

    private static readonly ObjectMetadata _metadata = new()
    {
        Start = 1_795_342_500_000,
        End = 1_795_342_560_123,
        Id = "00112233445566778899aabbccddeeff",
        Hash = "cae66941d9efbd404e4d88758ea67670",
        Source = "Web01.local",
        Stream = "orders/api",
        Entries = 3,
        RawBytes = 29,
        Framing = "ndjson",
        Encoding = "json",
        Compression = "zstd",
        Epoch = "k3x9q2",
        Lane = 0,
        Ordinal = 42,
        FirstPosition = 8,
        LastPosition = 104,
        Previous = "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
        Settled = 40,
        Drops = [new OrdinalRange(35, 36), new OrdinalRange(38, 38)],
        Dropped = new DroppedEntries(5, 1000, 2),
    };

    private static readonly StreamDefinition _definition = new()
    {
        Framing = "otlp-json",
        Encoding = "otlp-logs",
        DirectoryFormat = "yyyy/MM",
        TimeZone = "UTC",
        Compression = Compression.Gzip,
        CompressionLevel = 6,
        Delimiter = [.. "\r\n"u8],
        MaxObjectBytes = 65_536,
        MaxObjectEntries = 1000,
        MaxObjectAge = TimeSpan.FromMinutes(1),
        Header = [.. "{\"a\":1}"u8],
    };

    private static readonly Checkpoint _checkpoint = new()
    {
        Sequence = 9,
        Run = 7,
        Closed = false,
        Routed = 216,
        Packing = "ndjson\nZstd\n1\nyyyy/MM/dd\nUTC",
        NextOrdinal = 43,
        NextObjectId = 12,
        Previous = "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
        Drops = [new OrdinalRange(35, 36)],
        Dropped = new DroppedEntries(5, 1000, 2),
        LastKeySeconds = [KeyValuePair.Create(0xA1B2_C3D4u, 101_500)],
        Objects =
        [
            new ObjectRecord
            {
                Id = 11,
                Generation = 1,
                Stream = "orders/api",
                Partition = "2026/11/22",
                Late = true,
                OpenedUtcTicks = _ticks,
                Resume = 104,
                Tally = new ObjectTally { Entries = 2, RawBytes = 17, Start = _ticks, End = _ticks + 1, First = 8, Last = 56 },
                Frames = [new CompressedFrame(40, 0xDEAD_BEEF, 2, 17)],
            },
        ],
        Streams = [new StreamRecord("otel/logs", _definition.Number, 8, true, _definition.Encode())],
    };

    private static readonly Sidecar _sidecar = new()
    {
        Key = "orders/api/2026/11/22/101500-Web01.local-k3x9q2-000000000042.ndjson.zst",
        Metadata = _metadata.Serialize(out _),
        ContentType = "application/zstd",
        Length = 40,
        Md5 = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
        First = 8,
        Last = 104,
        OpenedUtcTicks = _ticks,
    };

    [Fact]
    public void AFrame()
    {
        GoldenFile.AssertSame("frame.bin", FrameBytes(0));
        byte[] golden = GoldenFile.Read("frame.bin");
        Assert.True(Frame.TryParse(golden, _run.Seed, 8, out FrameView frame));
        AssertEntry(0, frame);
        Assert.Equal(golden.Length, frame.Size);
    }

    [Fact]
    public void AFrameOfAnotherRunOrPositionIsNone()
    {
        byte[] golden = GoldenFile.Read("frame.bin");

        Assert.False(Frame.TryParse(golden, (_run with { Number = 8 }).Seed, 8, out _));
        Assert.False(Frame.TryParse(golden, (_run with { Epoch = 1 }).Seed, 8, out _));
        Assert.False(Frame.TryParse(golden, _run.Seed, 16, out _));
    }

    [Fact]
    public void APaddingWord()
    {
        byte[] written = new byte[Frame.PaddingWordBytes];
        Frame.WritePadding(written, _run.Seed, 152, 64);

        GoldenFile.AssertSame("padding.bin", written);
        Assert.True(Frame.TryParse(GoldenFile.Read("padding.bin"), _run.Seed, 152, out FrameView padding));
        Assert.True(padding.IsPadding);
        Assert.Equal(216, padding.Next);
    }

    [Fact]
    public void ASegmentAsTheCommitterWritesIt()
    {
        MemoryDisk disk = new();
        using (SegmentWriter writer = SegmentWriter.Create(disk.Root, _segmentName, _run, step: 0))
        {
            for (int i = 0; i < _entries.Length; i++)
            {
                writer.Write(_entries[i].Position, FrameBytes(i));
            }

            byte[] padding = new byte[Frame.PaddingWordBytes];
            Frame.WritePadding(padding, _run.Seed, 152, 64);
            writer.Write(152, padding);
            writer.ExtendTo(216);
        }

        GoldenFile.AssertSame("segment.bin", disk.Root.ReadAll(_segmentName.ToString()));
    }

    [Fact]
    public void ASegmentAsRecoveryWritesIt()
    {
        MemoryDisk disk = new();
        using SegmentRewriter rewriter = new(disk.Root, _run, _segmentName.Sequence);
        rewriter.Begin(_segmentName.Base);
        foreach ((long position, long timestamp, string name, string payload) in _entries)
        {
            rewriter.Add(new FrameView(position, 48, timestamp, Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(payload), FrameTag.Plain));
        }

        rewriter.AddPadding(152, 216);
        long bytes = rewriter.Finish(out SegmentName? finished);

        Assert.Equal(_segmentName, finished);
        Assert.Equal(1024 + 216 - 8, bytes);
        GoldenFile.AssertSame("segment.bin", disk.Root.ReadAll(_segmentName.ToString()));
    }

    [Fact]
    public void ASegmentReads()
    {
        MemoryDisk disk = new();
        Put(disk, _segmentName.ToString(), GoldenFile.Read("segment.bin"));
        SegmentSource? source = SegmentSource.Open(disk.Root, _segmentName, long.MaxValue);

        Assert.NotNull(source);
        Assert.Equal(_run, source.Run);
        using FrameReader reader = new(source);
        long position = 8;
        for (int i = 0; i < _entries.Length; i++)
        {
            Assert.True(reader.TryRead(position, out FrameView frame));
            AssertEntry(i, frame);
            position = frame.Next;
        }

        Assert.True(reader.TryRead(position, out FrameView padding));
        Assert.True(padding.IsPadding);
        Assert.Equal(216, padding.Next);
        Assert.Equal(216, reader.End);
        Assert.False(reader.TryRead(216, out _));
    }

    [Fact]
    public void EitherCopyOfASegmentsHeaderIsEnough()
    {
        byte[] header = GoldenFile.Read("segment.bin")[..SegmentHeader.Bytes];
        byte[] firstGone = [.. header];
        firstGone.AsSpan(0, 512).Clear();
        byte[] secondGone = [.. header];
        secondGone.AsSpan(512).Clear();

        Assert.True(SegmentHeader.TryRead(firstGone, _segmentName, out Run run));
        Assert.Equal(_run, run);
        Assert.True(SegmentHeader.TryRead(secondGone, _segmentName, out run));
        Assert.Equal(_run, run);
        Assert.False(SegmentHeader.TryRead(header, _segmentName with { Sequence = 4 }, out _));
        Assert.False(SegmentHeader.TryRead(header, _segmentName with { Base = 16 }, out _));
    }

    [Fact]
    public void ARingsHeaderPage()
    {
        MemoryDisk disk = new();
        long[] counters = new long[LogRecovery.CounterCount];
        counters[(int)DropCause.DiskFull] = 5;
        counters[(int)DropCause.GivenUp] = 1000;
        using (Ring ring = Ring.Open(disk.Root, "ring", RingCapacity, _run, 216, counters, reuse: false))
        {
            ring.NoteCommitting(true);
            ring.NotePacking(PackingPhase.Sealing);
            ring.NoteUploads(4);
            ring.NoteOpenings(1000);
        }

        byte[] file = disk.Root.ReadAll("ring")!;

        Assert.Equal(RingHeader.Bytes + RingCapacity, file.Length);
        GoldenFile.AssertSame("ring-header.bin", file.AsSpan(0, RingHeader.Bytes));
        byte[] golden = GoldenFile.Read("ring-header.bin");
        Assert.True(RingHeader.TryRead(golden, out Run run, out long capacity, out long durable));
        Assert.Equal(_run, run);
        Assert.Equal(RingCapacity, capacity);
        Assert.Equal(216, durable);
        Assert.Equal(5, Ring.ReadCounter(golden, (int)DropCause.DiskFull));
        Assert.Equal(1000, Ring.ReadCounter(golden, (int)DropCause.GivenUp));
        Assert.Equal(new LanePhase(IsCommitting: true, PackingPhase.Sealing, Uploads: 4, Openings: 255), LanePhase.Read(golden));
    }

    [Fact]
    public void ACheckpoint()
    {
        GoldenFile.AssertSame("checkpoint.bin", CheckpointFile.Encode(_checkpoint));
        Assert.Equivalent(_checkpoint, CheckpointFile.Decode(GoldenFile.Read("checkpoint.bin")), strict: true);
    }

    [Fact]
    public void AStreamsDefinition()
    {
        GoldenFile.AssertSame("definition.bin", _definition.Encode());
        Assert.Equal(_definition, StreamDefinition.TryDecode(GoldenFile.Read("definition.bin")));
    }

    [Fact]
    public void ASidecar()
    {
        GoldenFile.AssertSame("sidecar.bin", _sidecar.Encode());
        Assert.Equivalent(_sidecar, Sidecar.Decode(GoldenFile.Read("sidecar.bin")), strict: true);
    }

    [Fact]
    public void AnIdentity()
    {
        GoldenFile.AssertSame("identity.bin", LaneIdentity.Encode(new Guid("00112233-4455-6677-8899-aabbccddeeff")));
        MemoryDisk disk = new();
        Put(disk, LaneIdentity.FileName, GoldenFile.Read("identity.bin"));

        Assert.Equal(LaneIdentity.FormatVersion, LaneIdentity.Read(disk.Root));
    }

    [Fact]
    public void AMetadataDocument()
    {
        GoldenFile.AssertSame("metadata.json", Encoding.ASCII.GetBytes(_metadata.Serialize(out int dropsWritten)));
        Assert.Equal(2, dropsWritten);
        Assert.True(ObjectMetadata.TryParse(Encoding.ASCII.GetString(GoldenFile.Read("metadata.json")), out ObjectMetadata? read, out string error), error);
        Assert.Equivalent(_metadata, read, strict: true);
    }

    /// <summary>Any byte of a small file that rots makes it unreadable, none makes it another value.</summary>
    [Theory]
    [InlineData("checkpoint.bin")]
    [InlineData("sidecar.bin")]
    [InlineData("definition.bin")]
    public void AFlippedBitIsSeen(string name)
    {
        byte[] golden = GoldenFile.Read(name);
        for (int i = 0; i < golden.Length; i++)
        {
            byte[] rotted = [.. golden];
            rotted[i] ^= 0x10;

            Assert.Null(name switch
            {
                "checkpoint.bin" => CheckpointFile.Decode(rotted),
                "sidecar.bin" => Sidecar.Decode(rotted),
                _ => (object?)StreamDefinition.TryDecode(rotted),
            });
        }
    }

    private static byte[] FrameBytes(int index)
    {
        (long position, long timestamp, string name, string payload) = _entries[index];
        byte[] nameBytes = Encoding.UTF8.GetBytes(name);
        byte[] payloadBytes = Encoding.UTF8.GetBytes(payload);
        byte[] frame = new byte[Frame.SizeOf(nameBytes.Length, payloadBytes.Length)];
        Frame.Write(frame, Frame.PayloadState(Crc32C.Update(_run.Seed, nameBytes), payloadBytes), position, timestamp, nameBytes, payloadBytes, FrameTag.Plain);
        return frame;
    }

    private static void AssertEntry(int index, in FrameView frame)
    {
        Assert.Equal(_entries[index].Position, frame.Position);
        Assert.Equal(_entries[index].Timestamp, frame.Timestamp);
        Assert.Equal(_entries[index].Name, Encoding.UTF8.GetString(frame.Name));
        Assert.Equal(_entries[index].Payload, Encoding.UTF8.GetString(frame.Payload));
    }

    private static void Put(MemoryDisk disk, string name, byte[] bytes)
    {
        using StorageFile file = disk.Root.Create(name);
        file.Write(0, bytes);
    }
}
