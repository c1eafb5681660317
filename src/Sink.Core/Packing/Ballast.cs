using Sink.Core.Storage;

namespace Sink.Core.Packing;

/// <summary>
/// A file that takes space for one purpose: to be given up when the disk is full and the packer needs a little of it to
/// free much more. Not counted as the log's: it is part of the packer's reserve.
/// </summary>
internal sealed class Ballast(StorageDirectory directory, Func<long, bool> mayTake)
{
    public const string FileName = "ballast";

    /// <summary>Room for a few compressed frames and both copies of a checkpoint.</summary>
    public const int Bytes = 4 * 1024 * 1024;

    private bool _isThere;

    /// <summary>Deletes the file; false when there was none to delete.</summary>
    public bool Release()
    {
        _isThere = false;
        try
        {
            // Also one that an earlier run left.
            using StorageFile? file = directory.Open(FileName);
            directory.Delete(FileName);
            return file is not null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Makes the file when it is missing and the volume has room for it beside what it must leave free.</summary>
    public void Restore()
    {
        if (_isThere)
        {
            return;
        }

        try
        {
            if (IsWhole() || !mayTake(2 * Bytes))
            {
                return;
            }

            directory.Delete(FileName);
            using StorageFile file = directory.Create(FileName);
            // Written, not only made long: a hole takes no space. Zeroes, and none of them synced: nobody reads them.
            byte[] zeroes = new byte[64 * 1024];
            for (int offset = 0; offset < Bytes; offset += zeroes.Length)
            {
                file.Write(offset, zeroes);
            }

            _isThere = true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The disk is full again, or fails: the packer meets that itself, and says so.
            Release();
        }
    }

    private bool IsWhole()
    {
        using StorageFile? file = directory.Open(FileName);
        return _isThere = file?.Length == Bytes;
    }
}
