using System.Buffers;

namespace Sink.Core.Compressing;

/// <summary>
/// Compressed bytes read ahead, for a decoder that takes them one by one. So the decoder never waits for the source, nor sees
/// its errors, and takes not a byte more than its member has.
/// </summary>
internal sealed class LzipInput : ForwardStream
{
    /// <summary>
    /// Bytes that are here after each fill, unless the source has ended. A symbol of LZMA is at most 48 decoded bits, each
    /// of which takes at most a byte: enough for <see cref="LzipDecodingStream.PieceBytes"/>.
    /// </summary>
    public const int Ahead = 64 * 1024;

    private readonly Stream _source;
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(2 * Ahead);
    private int _from;
    private int _to;
    private bool _hasEnded;

    public LzipInput(Stream source)
    {
        _source = source;
    }

    /// <summary>Bytes taken.</summary>
    public long Taken { get; private set; }

    /// <summary>Nothing is left; true only after a fill.</summary>
    public bool IsAtEnd => _hasEnded && _from == _to;

    public void Fill()
    {
        while (MakeRoom())
        {
            Add(_source.Read(_bytes.AsSpan(_to)));
        }
    }

    public async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        while (MakeRoom())
        {
            Add(await _source.ReadAsync(_bytes.AsMemory(_to), cancellationToken).ConfigureAwait(false));
        }
    }

    /// <exception cref="EndOfStreamException">There are not as many.</exception>
    public ReadOnlySpan<byte> Take(int count)
    {
        if (_to - _from < count)
        {
            throw Ended();
        }

        _from += count;
        Taken += count;
        return _bytes.AsSpan(_from - count, count);
    }

    public override int ReadByte() => Take(1)[0];

    public override int Read(Span<byte> buffer)
    {
        Take(buffer.Length).CopyTo(buffer);
        return buffer.Length;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    protected override void Dispose(bool disposing)
    {
        if (disposing && _bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            (_bytes, _from, _to, _hasEnded) = ([], 0, 0, true);
            _source.Dispose();
        }

        base.Dispose(disposing);
    }

    private bool MakeRoom()
    {
        if (_to - _from >= Ahead || _hasEnded)
        {
            return false;
        }

        if (_bytes.Length - _from < Ahead)
        {
            _bytes.AsSpan(_from, _to - _from).CopyTo(_bytes);
            (_from, _to) = (0, _to - _from);
        }

        return true;
    }

    private void Add(int count)
    {
        _to += count;
        _hasEnded = count == 0;
    }

    private static EndOfStreamException Ended() => new("The lzip data ends in the middle of a member.");
}
