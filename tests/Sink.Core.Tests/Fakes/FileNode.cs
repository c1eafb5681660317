namespace Sink.Core.Tests.Fakes;

/// <summary>
/// A file: what programs see (the page cache), what the disk surely holds, and in order the changes that lie between.
/// Every member is called under the disk's lock.
/// </summary>
internal sealed class FileNode : Node
{
    private SparseBytes _current = new();
    private SparseBytes _durable = new();
    private List<FileChange> _changes = [];

    public int Links { get; set; }

    public int Handles { get; set; }

    public long Length => _current.Length;

    public long AllocatedBytes => _current.AllocatedBytes;

    public bool IsUnused => Links == 0 && Handles == 0;

    public MappedMemory? Memory { get; private set; }

    public FileNode Clone()
    {
        FileNode clone = new()
        {
            _current = _current.Clone(),
            _durable = _durable.Clone(),
            _changes = [.. _changes.Select(change => change.Clone())],
        };
        clone.Capture(Memory);
        return clone;
    }

    public int Read(long offset, Span<byte> buffer)
    {
        int count = _current.Read(offset, buffer);
        Memory?.At(offset, count).CopyTo(buffer);
        return count;
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        if (Memory is { } memory)
        {
            Span<byte> mapped = memory.At(offset, bytes.Length);
            bytes[..mapped.Length].CopyTo(mapped);
        }

        _current.Write(offset, bytes);
        _changes.Add(FileChange.Write(offset, bytes));
    }

    /// <summary>How many of <paramref name="length"/> bytes can be written when so much space is left.</summary>
    public int CountThatFits(long offset, int length, long freeBytes)
    {
        for (long position = offset; position < offset + length;)
        {
            long page = position / SparseBytes.PageBytes;
            if (!_current.HasPage(page) && (freeBytes -= SparseBytes.PageBytes) < 0)
            {
                return (int)(position - offset);
            }

            position = (page + 1) * SparseBytes.PageBytes;
        }

        return length;
    }

    public void Truncate(long length)
    {
        _current.SetLength(length);
        _changes.Add(FileChange.Truncate(length));
    }

    public void Sync()
    {
        CaptureMap();
        foreach (FileChange change in _changes)
        {
            change.IsDurable |= !change.IsOrphaned;
        }

        // Beyond an orphan the changes wait, since a power loss applies them in their order.
        int durable = _changes.FindIndex(change => !change.IsDurable);
        durable = durable < 0 ? _changes.Count : durable;
        for (int i = 0; i < durable; i++)
        {
            _changes[i].ApplyTo(_durable);
        }

        _changes.RemoveRange(0, durable);
    }

    public void FailSync()
    {
        CaptureMap();
        foreach (FileChange change in _changes)
        {
            change.IsOrphaned |= !change.IsDurable;
        }
    }

    /// <summary>Where the first byte stands whose block may not exist on the disk, or -1.</summary>
    public long FindUnsyncedByte()
    {
        if (_durable.Length < Length)
        {
            return _durable.Length;
        }

        for (long offset = 0; offset < Length; offset += SparseBytes.PageBytes)
        {
            if (!_durable.HasPage(offset / SparseBytes.PageBytes))
            {
                return offset;
            }
        }

        return -1;
    }

    public MappedMemory Map()
    {
        if (Memory is null)
        {
            Memory = new MappedMemory(Length);
            for (long offset = 0; offset < Length; offset += SparseBytes.PageBytes)
            {
                _current.Read(offset, Memory.At(offset, SparseBytes.PageBytes));
            }
        }

        Memory.Users++;
        return Memory;
    }

    public void Unmap()
    {
        CaptureMap();
        Memory = null;
    }

    /// <summary>Takes the map's pages as they are now into the changes; each is one more state that a power loss may choose.</summary>
    public void CaptureMap() => Capture(Memory);

    /// <summary>As <see cref="CaptureMap"/>, and the disk holds them now.</summary>
    public void WritePagesBack()
    {
        CaptureMap();
        foreach (FileChange page in _changes.Where(static change => change.IsPage && !change.IsOrphaned))
        {
            page.IsDurable = true;
        }
    }

    public void FlipBit(long offset, int bit)
    {
        Flip(_current, offset, bit);
        if (offset < _durable.Length)
        {
            Flip(_durable, offset, bit);
        }

        Span<byte> mapped = Memory is null ? [] : Memory.At(offset, 1);
        if (!mapped.IsEmpty)
        {
            mapped[0] ^= (byte)(1 << bit);
        }

        _changes.ForEach(change => change.FlipBit(offset, bit));
    }

    /// <summary>The disk has lost power: what is left of the changes is all there is.</summary>
    public void Settle(string path, PowerLossChoice choice)
    {
        foreach (IGrouping<long, FileChange> versions in _changes.Where(static change => change.IsPage && !change.IsDurable).GroupBy(static change => change.Offset).ToArray())
        {
            // A later version overwrites an earlier one: only which is the last counts.
            FileChange[] page = [.. versions];
            int kept = Math.Clamp(choice.OfPage(path, versions.Key, page.Length), 0, page.Length);
            if (kept > 0)
            {
                page[kept - 1].IsDurable = true;
            }
        }

        foreach (FileChange change in _changes)
        {
            if (change.IsDurable)
            {
                change.ApplyTo(_durable);
            }
            else if (change.Bytes is null)
            {
                if (choice.KeepsTruncate(path, change.Offset))
                {
                    change.ApplyTo(_durable);
                }
            }
            else if (!change.IsPage)
            {
                SettleWrite(path, change.Offset, change.Bytes, choice);
            }
        }

        _changes.Clear();
        _current = _durable.Clone();
    }

    /// <summary>A number for what programs read: equal for equal files, and all but surely not for others.</summary>
    public ulong Fingerprint(ulong state) => _current.Fingerprint(state);

    public override void AddTo(FingerprintOfDoubt fingerprint)
    {
        fingerprint.Add(_current.Fingerprint(0));
        fingerprint.Add(_durable.Fingerprint(0));
        foreach (FileChange change in _changes)
        {
            change.AddTo(fingerprint);
        }

        fingerprint.Add((ulong)_changes.Count);
    }

    private static void Flip(SparseBytes content, long offset, int bit)
    {
        Span<byte> one = stackalloc byte[1];
        if (content.Read(offset, one) == 0)
        {
            throw new ArgumentOutOfRangeException(nameof(offset), offset, "beyond the end of the file");
        }

        one[0] ^= (byte)(1 << bit);
        content.Write(offset, one);
    }

    private void SettleWrite(string path, long offset, byte[] bytes, PowerLossChoice choice)
    {
        WriteFate fate = choice.OfWrite(path, offset, bytes.Length);
        switch (fate)
        {
            case WriteFate.Kept:
                _durable.Write(offset, bytes);
                break;
            case WriteFate.Torn or WriteFate.TornBefore:
                long firstBoundary = (offset / MemoryDisk.SectorBytes) + 1;
                int boundaries = (int)(((offset + bytes.Length - 1) / MemoryDisk.SectorBytes) - firstBoundary + 1);
                if (boundaries > 0)
                {
                    int passed = Math.Clamp(choice.OfTear(path, boundaries), 1, boundaries);
                    long end = (firstBoundary + passed - 1) * MemoryDisk.SectorBytes;
                    int kept = (int)(end - offset);
                    if (fate == WriteFate.Torn)
                    {
                        _durable.Write(offset, bytes.AsSpan(0, kept));
                    }
                    else
                    {
                        _durable.Write(end, bytes.AsSpan(kept));
                    }
                }

                break;
            case WriteFate.LostWithLength:
                _durable.Extend(offset + bytes.Length);
                break;
        }
    }

    private void Capture(MappedMemory? memory)
    {
        Span<byte> known = stackalloc byte[SparseBytes.PageBytes];
        for (long offset = 0; offset < memory?.Length; offset += SparseBytes.PageBytes)
        {
            Span<byte> page = memory.At(offset, SparseBytes.PageBytes);
            _current.Read(offset, known);
            if (!page.SequenceEqual(known[..page.Length]))
            {
                FileChange change = FileChange.Page(offset, page);
                change.ApplyTo(_current);
                _changes.Add(change);
            }
        }
    }
}
