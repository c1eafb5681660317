using Sink.Core.Payloads;

namespace Sink.Core.Reading;

/// <summary>Cuts an object's decompressed bytes into entries, and says at the end whether they were all.</summary>
internal sealed class EntryReader
{
    // Under 85,000: a buffer is never used again once entries were given out of it, so they stay valid as long as
    // anyone keeps them, and the large object heap would keep them far too long.
    private const int BufferBytes = 64 * 1024;

    private readonly Stream _content;
    private readonly EntrySplitter _splitter;
    private readonly JournalObject _object;

    private byte[] _buffer = new byte[BufferBytes];
    private int _start;
    private int _end;
    private long _entries;
    private long _read;
    private bool _hasEnded;
    private bool _hasLast;
    private Exception? _damage;

    public EntryReader(Stream content, EntrySplitter splitter, JournalObject journalObject)
    {
        _content = content;
        _splitter = splitter;
        _object = journalObject;
    }

    /// <summary>The next entry, or null after the last.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TrySplit(out Range range, out int consumed))
            {
                ReadOnlyMemory<byte> entry = _buffer.AsMemory(_start, _end - _start)[range];
                _start += consumed;
                _entries++;
                return entry;
            }

            if (_hasEnded)
            {
                if (IsLast())
                {
                    ReadOnlyMemory<byte> last = _buffer.AsMemory(_start, _end - _start);
                    _start = _end;
                    _entries++;
                    return last;
                }

                CheckEnd();
                return null;
            }

            await FillAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private bool TrySplit(out Range entry, out int consumed)
    {
        try
        {
            return _splitter.TrySplit(_buffer.AsSpan(_start, _end - _start), out entry, out consumed);
        }
        catch (InvalidDataException e)
        {
            throw new JournalException($"Object '{_object.Key}' is damaged after {_entries} entries: {e.Message}", e);
        }
    }

    // Full to the brim before the next split, or an entry longer than a read would be searched again and again.
    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        MakeRoom();
        try
        {
            while (_end < _buffer.Length)
            {
                int count = await _content.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
                if (count == 0)
                {
                    _hasEnded = true;
                    return;
                }

                _end += count;
                _read += count;
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            _damage = e;
            _hasEnded = true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JournalException($"Reading object '{_object.Key}' failed after {_entries} entries: {e.Message}", e);
        }
    }

    private void MakeRoom()
    {
        int rest = _end - _start;

        // No entry is longer than the object: else rot took a line's end away, and memory would be filled with the rest.
        if (rest > Math.Max(BufferBytes, _object.RawBytes) || rest > Array.MaxLength / 2)
        {
            throw new JournalException($"Object '{_object.Key}' is damaged after {_entries} entries: the next does not end.");
        }

        byte[] larger = new byte[Math.Max(BufferBytes, rest * 2)];
        _buffer.AsSpan(_start, rest).CopyTo(larger);
        (_buffer, _start, _end) = (larger, 0, rest);
    }

    // Of a framing without an end to its last entry only the count of bytes tells whether it is whole.
    private bool IsLast()
    {
        bool isLast = !_hasLast && _damage is null && _read == _object.RawBytes && _object.Entries > 0 && _splitter.EndsEntry;
        _hasLast |= isLast;
        return isLast;
    }

    private void CheckEnd()
    {
        if (_damage is EndOfStreamException || (_damage is null && !_splitter.IsEnd(_buffer.AsSpan(_start, _end - _start))))
        {
            throw new JournalException($"Object '{_object.Key}' ends in the middle of an entry after {_entries} entries.", _damage);
        }

        if (_damage is not null)
        {
            throw new JournalException($"Object '{_object.Key}' is damaged after {_entries} entries: {_damage.Message}", _damage);
        }

        if (_entries < _object.Entries && _read < _object.RawBytes)
        {
            throw new JournalException($"Object '{_object.Key}' is cut off after {_entries} entries; its metadata says {_object.Entries}.");
        }

        if (_entries > _object.Entries && _object.Delimiter is not null)
        {
            throw new JournalException($"Object '{_object.Key}' holds {_object.Entries} entries, and {_entries} were read: one that holds the delimiter is read as several. OpenAsync reads its bytes.");
        }

        if (_entries != _object.Entries)
        {
            throw new JournalException($"Object '{_object.Key}' holds {_entries} entries where its metadata says {_object.Entries}.");
        }
    }
}
