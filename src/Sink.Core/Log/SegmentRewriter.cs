using System.Buffers;
using Sink.Core.Storage;

namespace Sink.Core.Log;

/// <summary>
/// Writes recovered frames under a new run. The file gets a segment's name only when it is whole and synced: a half
/// one under the highest sequence would hide what older segments still hold.
/// </summary>
internal sealed class SegmentRewriter : IDisposable
{
    private const int PieceBytes = 1024 * 1024;

    private readonly StorageDirectory _directory;
    private readonly Run _run;
    private readonly uint _seed;
    private readonly long _sequence;
    private byte[] _piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
    private int _pieceLength;
    private long _pieceOffset;
    private long _base;
    private StorageFile? _file;

    public SegmentRewriter(StorageDirectory directory, Run run, long sequence)
    {
        _directory = directory;
        _run = run;
        _seed = run.Seed;
        _sequence = sequence;
    }

    private string TemporaryName => new SegmentName(_sequence, _base) + StorageDirectory.TemporarySuffix;

    /// <summary>From this position on everything is written; later calls do nothing.</summary>
    public void Begin(long position)
    {
        if (_file is not null)
        {
            return;
        }

        _base = position;
        _directory.Delete(TemporaryName);
        _file = _directory.Create(TemporaryName);
        _file.Write(0, SegmentHeader.Write(_run, new SegmentName(_sequence, _base)));
        _pieceOffset = SegmentHeader.Bytes;
    }

    public void Add(in FrameView frame)
    {
        if (_file is null)
        {
            return;
        }

        if (frame.IsPadding)
        {
            AddPadding(frame.Position, frame.Next);
            return;
        }

        Span<byte> target = Reserve(frame.Size);
        uint state = Frame.PayloadState(Crc32C.Update(_seed, frame.Name), frame.Payload);
        Frame.Write(target, state, frame.Position, frame.Timestamp, frame.Name, frame.Payload, frame.Tag);
    }

    /// <summary>Makes readers pass from one position to the other.</summary>
    public void AddPadding(long from, long to)
    {
        const int most = 1 << 30;
        while (from < to)
        {
            int length = (int)Math.Min(most, to - from);
            Frame.WritePadding(Reserve(Frame.PaddingWordBytes), _seed, from, length);
            from += length;
            WritePiece();
            _pieceOffset = SegmentHeader.Bytes + from - _base;
        }
    }

    /// <summary>Syncs the segment and gives it its name. Returns its size, 0 when nothing had to be written.</summary>
    public long Finish(out SegmentName? name)
    {
        name = null;
        if (_file is null)
        {
            return 0;
        }

        WritePiece();
        if (_pieceOffset > _file.Length)
        {
            _file.Truncate(_pieceOffset);
        }

        _file.Sync(SyncSite.Rewrite);
        _file.Dispose();
        _file = null;
        name = new SegmentName(_sequence, _base);
        _directory.Rename(TemporaryName, name.Value.ToString());
        _directory.SyncNames(SyncSite.SegmentName);
        return _pieceOffset;
    }

    public void Dispose()
    {
        _file?.Dispose();
        ArrayPool<byte>.Shared.Return(_piece);
    }

    private Span<byte> Reserve(int count)
    {
        if (_piece.Length - _pieceLength < count)
        {
            WritePiece();
            if (_piece.Length < count)
            {
                ArrayPool<byte>.Shared.Return(_piece);
                _piece = ArrayPool<byte>.Shared.Rent(count);
            }
        }

        Span<byte> reserved = _piece.AsSpan(_pieceLength, count);
        _pieceLength += count;
        return reserved;
    }

    private void WritePiece()
    {
        _file!.Write(_pieceOffset, _piece.AsSpan(0, _pieceLength));
        _pieceOffset += _pieceLength;
        _pieceLength = 0;
    }
}
