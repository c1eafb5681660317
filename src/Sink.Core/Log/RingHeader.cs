using System.Buffers.Binary;

using Sink.Core.Storage;

namespace Sink.Core.Log;

/// <summary>
/// First page of a ring. At 0 and again at 512: magic, version u32, run u32, epoch u64, capacity i64, checksum u32.
/// At 1,024 and again at 1,032: the durable position, as the last good commit left it. From 1,040 on: counters, and
/// behind them the four bytes of a <see cref="LanePhase"/>.
/// </summary>
internal static class RingHeader
{
    /// <summary>The data begins here; a page, so that a store to the watermark never shares one with an entry.</summary>
    public const int Bytes = 4096;

    /// <summary>Both copies of the record lie below; without either there is no ring.</summary>
    public const int RecordsEnd = 1024;

    public const int DurableOffset = 1024;
    public const int DurableCopyOffset = 1032;
    public const int CountersOffset = 1040;
    public const int CommittingOffset = 1168;
    public const int PackingOffset = 1169;
    public const int UploadsOffset = 1170;
    public const int OpeningsOffset = 1171;

    private const int CopyOffset = 512;
    private const int RecordBytes = 32;
    private const uint Version = 1;

    private static ReadOnlySpan<byte> Magic => "S3JRING1"u8;

    public static void Write(Span<byte> page, Run run, long capacity)
    {
        Span<byte> record = stackalloc byte[RecordBytes + sizeof(uint)];
        Magic.CopyTo(record);
        BinaryPrimitives.WriteUInt32LittleEndian(record[8..], Version);
        BinaryPrimitives.WriteUInt32LittleEndian(record[12..], run.Number);
        BinaryPrimitives.WriteUInt64LittleEndian(record[16..], run.Epoch);
        BinaryPrimitives.WriteInt64LittleEndian(record[24..], capacity);
        BinaryPrimitives.WriteUInt32LittleEndian(record[RecordBytes..], Crc32C.Of(record[..RecordBytes]));
        record.CopyTo(page);
        record.CopyTo(page[CopyOffset..]);
    }

    public static bool TryRead(ReadOnlySpan<byte> page, out Run run, out long capacity, out long durable)
    {
        // Of the two the lower: a flipped bit or a kill between the two stores must never claim more than was synced. One
        // below zero no commit left: the other is right.
        long first = BinaryPrimitives.ReadInt64LittleEndian(page[DurableOffset..]);
        long second = BinaryPrimitives.ReadInt64LittleEndian(page[DurableCopyOffset..]);
        durable = Math.Min(first < 0 ? second : first, second < 0 ? first : second);
        return (TryReadRecord(page, out run, out capacity) || TryReadRecord(page[CopyOffset..], out run, out capacity))
            && capacity > 0
            && capacity % Frame.Alignment == 0
            && durable >= 0;
    }

    private static bool TryReadRecord(ReadOnlySpan<byte> record, out Run run, out long capacity)
    {
        run = new Run(BinaryPrimitives.ReadUInt32LittleEndian(record[12..]), BinaryPrimitives.ReadUInt64LittleEndian(record[16..]));
        capacity = BinaryPrimitives.ReadInt64LittleEndian(record[24..]);
        return record[..8].SequenceEqual(Magic)
            && BinaryPrimitives.ReadUInt32LittleEndian(record[8..]) == Version
            && BinaryPrimitives.ReadUInt32LittleEndian(record[RecordBytes..]) == Crc32C.Of(record[..RecordBytes]);
    }
}
