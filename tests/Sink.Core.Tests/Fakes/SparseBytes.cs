using System.Runtime.InteropServices;

namespace Sink.Core.Tests.Fakes;

/// <summary>
/// Content of a file as pages; a page that is absent reads as zeroes and takes no space. Clones share pages until one
/// of them writes.
/// </summary>
internal sealed class SparseBytes
{
    public const int PageBytes = 4096;

    private const ulong Prime = 0x100000001B3;

    private Dictionary<long, Page> _pages = [];

    public long Length { get; private set; }

    public long AllocatedBytes => _pages.Count * (long)PageBytes;

    public bool HasPage(long page) => _pages.ContainsKey(page);

    public SparseBytes Clone()
    {
        foreach (Page page in _pages.Values)
        {
            page.IsShared = true;
        }

        return new SparseBytes { _pages = new Dictionary<long, Page>(_pages), Length = Length };
    }

    public int Read(long offset, Span<byte> buffer)
    {
        int count = (int)Math.Clamp(Length - offset, 0, buffer.Length);
        for (int done = 0; done < count;)
        {
            (long page, int start) = Split(offset + done);
            Span<byte> part = buffer[done..count];
            part = part[..Math.Min(part.Length, PageBytes - start)];
            if (_pages.TryGetValue(page, out Page? held))
            {
                held.Bytes.AsSpan(start, part.Length).CopyTo(part);
            }
            else
            {
                part.Clear();
            }

            done += part.Length;
        }

        return count;
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        for (int done = 0; done < bytes.Length;)
        {
            (long page, int start) = Split(offset + done);
            int count = Math.Min(bytes.Length - done, PageBytes - start);
            bytes.Slice(done, count).CopyTo(GetOwnPage(page).AsSpan(start));
            done += count;
        }

        Extend(offset + bytes.Length);
    }

    public void Extend(long length) => Length = Math.Max(Length, length);

    public void SetLength(long length)
    {
        if (length < Length)
        {
            (long last, int start) = Split(length);
            long firstGone = start == 0 ? last : last + 1;
            foreach (long page in _pages.Keys.Where(page => page >= firstGone).ToArray())
            {
                _pages.Remove(page);
            }

            if (start != 0 && _pages.ContainsKey(last))
            {
                GetOwnPage(last).AsSpan(start).Clear();
            }
        }

        Length = length;
    }

    /// <summary>Moves a number over length and content; FNV-1a, over words of 64 bits.</summary>
    public ulong Fingerprint(ulong state)
    {
        state = (state ^ (ulong)Length) * Prime;
        for (long page = 0; page * PageBytes < Length; page++)
        {
            if (!_pages.TryGetValue(page, out Page? held))
            {
                continue;
            }

            // A page of zeroes reads like one that is absent, and takes space; it counts as another file.
            state = (state ^ (ulong)page ^ held.Fingerprint()) * Prime;
            state ^= state >> 31;
        }

        return state;
    }

    private static (long Page, int Start) Split(long offset) => (offset / PageBytes, (int)(offset % PageBytes));

    private byte[] GetOwnPage(long page)
    {
        ref Page? held = ref CollectionsMarshal.GetValueRefOrAddDefault(_pages, page, out bool exists);
        held = !exists ? new Page(new byte[PageBytes]) : held!.IsShared ? new Page([.. held.Bytes]) : held;
        return held.BytesToChange();
    }

    private sealed class Page(byte[] bytes)
    {
        // 0: not known.
        private ulong _fingerprint;

        public byte[] Bytes => bytes;

        public bool IsShared { get; set; }

        public byte[] BytesToChange()
        {
            _fingerprint = 0;
            return bytes;
        }

        public ulong Fingerprint()
        {
            if (_fingerprint == 0)
            {
                ulong state = Prime;
                foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(bytes))
                {
                    state = (state ^ word) * Prime;
                    state ^= state >> 29;
                }

                _fingerprint = state;
            }

            return _fingerprint;
        }
    }
}
