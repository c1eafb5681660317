namespace Sink.Core.Storage;

/// <summary>
/// Reads past what a disk does not give back. A page that fails twice, while others of the file can be read, is as lost as one that
/// reads wrong; when nothing of the file can be read, it is the disk that is away, and nothing may be given up for that.
/// </summary>
internal static class BadSectors
{
    private const int PageBytes = 4096;

    /// <summary>As <see cref="StorageFile.Read"/>, with zeroes in place of the pages that cannot be read.</summary>
    /// <exception cref="IOException">Nothing of the file can be read.</exception>
    public static int Read(StorageFile file, long offset, Span<byte> buffer, out bool areThere)
    {
        areThere = false;
        try
        {
            return file.Read(offset, buffer);
        }
        catch (IOException)
        {
            int count = (int)Math.Clamp(file.Length - offset, 0, buffer.Length);
            bool anyGood = ReadPages(file, offset, buffer[..count], out areThere);
            if (areThere && !anyGood && !HasOtherGoodPage(file, offset, count))
            {
                throw;
            }

            return count;
        }
    }

    private static bool ReadPages(StorageFile file, long offset, Span<byte> buffer, out bool anyBad)
    {
        bool anyGood = false;
        anyBad = false;
        for (int from = 0; from < buffer.Length;)
        {
            int length = (int)Math.Min(buffer.Length - from, PageBytes - ((offset + from) % PageBytes));
            Span<byte> page = buffer.Slice(from, length);
            if (TryRead(file, offset + from, page))
            {
                anyGood = true;
            }
            else
            {
                page.Clear();
                anyBad = true;
            }

            from += length;
        }

        return anyGood;
    }

    /// <summary>The file's ends and middle, but for what was tried already.</summary>
    private static bool HasOtherGoodPage(StorageFile file, long offset, long count)
    {
        Span<byte> page = stackalloc byte[1];
        long last = Math.Max(0, file.Length - 1);
        foreach (long place in (ReadOnlySpan<long>)[0, offset - PageBytes, offset + count + PageBytes, last / 2, last])
        {
            bool wasTried = place / PageBytes >= offset / PageBytes && place / PageBytes <= (offset + count - 1) / PageBytes;
            if (place >= 0 && place <= last && !wasTried && TryRead(file, place, page))
            {
                return true;
            }
        }

        return false;
    }

    private static bool TryRead(StorageFile file, long offset, Span<byte> bytes)
    {
        try
        {
            return file.Read(offset, bytes) == bytes.Length;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
