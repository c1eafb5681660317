using System.Buffers.Binary;
using System.Numerics;
using Sink.Core.Delivery;
using Sink.Core.Lanes;
using Sink.Core.Log;
using Sink.Core.Packing;
using Sink.Core.Storage;
using Sink.Core.Tests.Format;

namespace Sink.Core.Tests.Fuzz;

/// <summary>The readers of a lane's files.</summary>
internal static class FileTargets
{
    private const int RecordHeaderBytes = 20;

    private static readonly Run _run = new(7, 0x1122_3344_5566_7788);
    private static readonly SegmentName _segment = new(3, 8);

    public static IEnumerable<FuzzTarget> All =>
    [
        new FuzzTarget("frame", 200, [GoldenFile.Read("frame.bin"), Padding(), LongFrame()], ReadFrame) { Repair = static bytes => RepairFrame(bytes, 8) },
        new FuzzTarget("log", 100, [Log(0), Log(1), Log(2)], ReadLog) { Repair = RepairLog },
        new FuzzTarget("segment header", 50, [SegmentHeader.Write(_run, _segment)], static bytes => SegmentHeader.TryRead(bytes, _segment, out _)) { Repair = static bytes => RepairHeader(bytes, 40) },
        new FuzzTarget("ring header", 50, [RingPage()], ReadRingHeader) { Repair = static bytes => RepairHeader(bytes, 32) },
        new FuzzTarget("checkpoint", 200, [GoldenFile.Read("checkpoint.bin"), LargeCheckpoint()], ReadCheckpoint) { Repair = RepairRecord },
        new FuzzTarget("sidecar", 150, [GoldenFile.Read("sidecar.bin")], ReadSidecar) { Repair = RepairRecord },
        new FuzzTarget("stream definition", 50, [GoldenFile.Read("definition.bin")], ReadDefinition) { Repair = RepairRecord },
        new FuzzTarget("identity", 30, [LaneIdentity.Encode(Guid.Empty)], ReadIdentity) { Repair = RepairRecord },
    ];

    public static void RepairRecord(byte[] bytes)
    {
        if (bytes.Length >= RecordHeaderBytes)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), bytes.Length - RecordHeaderBytes);
            uint checksum = ~Crc32C.Update(Crc32C.Update(uint.MaxValue, bytes.AsSpan(8, 8)), bytes.AsSpan(RecordHeaderBytes));
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(16), checksum);
        }
    }

    private static bool ReadFrame(byte[] bytes)
    {
        if (bytes.Length < Frame.PaddingWordBytes)
        {
            return false;
        }

        int needed = Frame.BytesNeeded(bytes, 8);
        if (needed == 0 || needed > bytes.Length || !Frame.TryParse(bytes, _run.Seed, 8, out FrameView frame))
        {
            return false;
        }

        Assert.True(frame.Size >= Frame.PaddingWordBytes && frame.Next > 8);
        Assert.True(frame.IsPadding || frame.Size == Frame.SizeOf(frame.Name.Length, frame.Payload.Length));
        return true;
    }

    private static bool ReadLog(byte[] bytes)
    {
        using FrameReader reader = new(new BytesSource(bytes, _run.Seed));
        long position = BytesSource.First;
        int frames = 0;
        while (position >= 0 && position < reader.End)
        {
            if (reader.TryRead(position, out FrameView frame))
            {
                Assert.True(frame.Next > position && frame.Next <= reader.End);
                position = frame.Next;
                frames++;
            }
            else
            {
                long next = reader.Find(position + Frame.Alignment, long.MaxValue);
                Assert.True(next < 0 || next > position);
                position = next;
            }
        }

        return frames > 0;
    }

    private static bool ReadRingHeader(byte[] bytes)
    {
        byte[] page = new byte[RingHeader.Bytes];
        bytes.AsSpan(0, Math.Min(bytes.Length, page.Length)).CopyTo(page);
        if (!RingHeader.TryRead(page, out _, out long capacity, out long durable))
        {
            return false;
        }

        Assert.True(capacity > 0 && durable >= 0);
        return true;
    }

    private static bool ReadCheckpoint(byte[] bytes)
    {
        if (CheckpointFile.Decode(bytes) is not { } checkpoint)
        {
            return false;
        }

        Assert.True(checkpoint.Low >= 0 && checkpoint.Low <= checkpoint.Routed);
        foreach (ObjectRecord record in checkpoint.Objects)
        {
            Assert.True(StagedName.TryParse(record.FileName, out long id, out _) && id == record.Id, record.FileName);
            Assert.True(record.FileBytes >= 0);
            Assert.DoesNotContain("..", $"/{record.Stream}/{record.Partition}/".Split('/'));
        }

        _ = PackingSettings.TryParse(checkpoint.Packing);
        byte[] again = CheckpointFile.Encode(checkpoint);
        Assert.Equal(again, CheckpointFile.Encode(CheckpointFile.Decode(again)!));
        return true;
    }

    private static bool ReadDefinition(byte[] bytes)
    {
        if (StreamDefinition.TryDecode(bytes) is not { } definition)
        {
            return false;
        }

        StreamForm form = StreamForm.Of(bytes, definition.Number, since: 0, static _ => FrameCoder.Of(Compression.None, 0));
        Assert.DoesNotContain("..", $"/{form.Format?.Format(0)}/".Split('/'));
        Assert.InRange(definition.Number, 1, FrameTag.LargestNumber);
        Assert.Equal(definition, StreamDefinition.TryDecode(definition.Encode()));
        return true;
    }

    private static bool ReadSidecar(byte[] bytes)
    {
        if (Sidecar.Decode(bytes) is not { } sidecar)
        {
            return false;
        }

        Assert.DoesNotContain("..", sidecar.Key.Split('/'));
        Assert.NotEqual('/', sidecar.Key[0]);
        Assert.True(sidecar.Length > 0 && sidecar.Md5.Length == 16);
        byte[] again = sidecar.Encode();
        Assert.Equal(again, Sidecar.Decode(again)!.Encode());
        return true;
    }

    private static bool ReadIdentity(byte[] bytes)
    {
        using BinaryReader? reader = RecordFile.Read(bytes, "S3JLANE1"u8, out uint version);
        return reader is not null && version == LaneIdentity.FormatVersion;
    }

    private static byte[] Padding()
    {
        byte[] bytes = new byte[64];
        Frame.WritePadding(bytes, _run.Seed, 8, 64);
        return bytes;
    }

    private static byte[] LongFrame() => FrameAt(8, "web", new byte[600]);

    private static byte[] FrameAt(long position, string name, byte[] payload)
    {
        byte[] stream = System.Text.Encoding.UTF8.GetBytes(name);
        byte[] bytes = new byte[Frame.SizeOf(stream.Length, payload.Length)];
        uint state = Frame.PayloadState(Crc32C.Update(_run.Seed, stream), payload);
        Frame.Write(bytes, state, position, 639_309_393_000_000_000, stream, payload, FrameTag.Plain);
        return bytes;
    }

    private static byte[] Log(int variant)
    {
        List<byte> bytes = [];
        for (int i = 0; i < 6; i++)
        {
            bytes.AddRange(FrameAt(BytesSource.First + bytes.Count, "orders/api", new byte[(i * 37) + (variant * 11)]));
        }

        byte[] padding = new byte[variant * 48];
        if (padding.Length > 0)
        {
            Frame.WritePadding(padding, _run.Seed, BytesSource.First + bytes.Count, padding.Length);
        }

        bytes.AddRange(padding);
        bytes.AddRange(FrameAt(BytesSource.First + bytes.Count, "web", [1, 2, 3]));
        return [.. bytes];
    }

    private static byte[] RingPage()
    {
        byte[] page = new byte[RingHeader.Bytes];
        RingHeader.Write(page, _run, 65_536);
        BinaryPrimitives.WriteInt64LittleEndian(page.AsSpan(RingHeader.DurableOffset), 216);
        BinaryPrimitives.WriteInt64LittleEndian(page.AsSpan(RingHeader.DurableCopyOffset), 216);
        return page[..1100];
    }

    private static byte[] LargeCheckpoint()
    {
        Checkpoint golden = CheckpointFile.Decode(GoldenFile.Read("checkpoint.bin"))!;
        return CheckpointFile.Encode(golden with
        {
            NextObjectId = 100,
            Packing = "ndjson\nown .own application/x-own\n0\nyyyy/MM/dd\nEurope/Berlin",
            Objects = [.. Enumerable.Range(0, 20).Select(i => golden.Objects[0] with { Id = i, Partition = $"2026/11/{i + 1:00}" })],
        });
    }

    private static void RepairFrame(byte[] bytes, long position)
    {
        if (bytes.Length < Frame.PaddingWordBytes)
        {
            return;
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(4));
        if ((length & 0x8000_0000) != 0)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, ~BitOperations.Crc32C(BitOperations.Crc32C(_run.Seed, (ulong)position), length));
            return;
        }

        if (length < Frame.HeaderBytes || length > bytes.Length)
        {
            return;
        }

        int name = Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(24)), (int)length - Frame.HeaderBytes);
        uint state = Crc32C.Update(_run.Seed, bytes.AsSpan(Frame.HeaderBytes, name));
        state = Crc32C.Update(state, bytes.AsSpan(Frame.HeaderBytes + name, (int)length - Frame.HeaderBytes - name));
        state = Crc32C.Update(state, bytes.AsSpan(4, Frame.HeaderBytes - 4));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, ~state);
    }

    private static void RepairLog(byte[] bytes)
    {
        byte[] first = bytes.Length > 160 ? bytes[..160] : bytes;
        RepairFrame(first, BytesSource.First);
        first.CopyTo(bytes, 0);
    }

    private static void RepairHeader(byte[] bytes, int recordBytes)
    {
        foreach (int offset in (ReadOnlySpan<int>)[0, 512])
        {
            if (bytes.Length >= offset + recordBytes + sizeof(uint))
            {
                BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(offset + recordBytes), Crc32C.Of(bytes.AsSpan(offset, recordBytes)));
            }
        }
    }
}
