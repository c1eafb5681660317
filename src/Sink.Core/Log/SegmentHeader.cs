using System.Buffers.Binary;

using Sink.Core.Storage;

namespace Sink.Core.Log;

/// <summary>
/// First 1,024 bytes of a segment: the same record at 0 and at 512, so that one bad sector does not cost the segment.
/// Magic, version u32, run u32, epoch u64, sequence i64, base i64, checksum u32.
/// </summary>
internal static class SegmentHeader
{
    public const int Bytes = 1024;

    private const int CopyOffset = 512;
    private const int RecordBytes = 40;
    private const uint Version = 1;

    private static ReadOnlySpan<byte> Magic => "S3JSEGM1"u8;

    public static byte[] Write(Run run, SegmentName name)
    {
        byte[] header = new byte[Bytes];
        Span<byte> record = header;
        Magic.CopyTo(record);
        BinaryPrimitives.WriteUInt32LittleEndian(record[8..], Version);
        BinaryPrimitives.WriteUInt32LittleEndian(record[12..], run.Number);
        BinaryPrimitives.WriteUInt64LittleEndian(record[16..], run.Epoch);
        BinaryPrimitives.WriteInt64LittleEndian(record[24..], name.Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(record[32..], name.Base);
        BinaryPrimitives.WriteUInt32LittleEndian(record[RecordBytes..], Crc32C.Of(record[..RecordBytes]));
        record[..(RecordBytes + sizeof(uint))].CopyTo(record[CopyOffset..]);
        return header;
    }

    public static bool TryRead(ReadOnlySpan<byte> header, SegmentName name, out Run run)
    {
        run = default;
        return header.Length == Bytes
            && (TryReadRecord(header, name, out run) || TryReadRecord(header[CopyOffset..], name, out run));
    }

    private static bool TryReadRecord(ReadOnlySpan<byte> record, SegmentName name, out Run run)
    {
        run = new Run(BinaryPrimitives.ReadUInt32LittleEndian(record[12..]), BinaryPrimitives.ReadUInt64LittleEndian(record[16..]));
        return record[..8].SequenceEqual(Magic)
            && BinaryPrimitives.ReadUInt32LittleEndian(record[8..]) == Version
            && BinaryPrimitives.ReadInt64LittleEndian(record[24..]) == name.Sequence
            && BinaryPrimitives.ReadInt64LittleEndian(record[32..]) == name.Base
            && BinaryPrimitives.ReadUInt32LittleEndian(record[RecordBytes..]) == Crc32C.Of(record[..RecordBytes]);
    }
}
