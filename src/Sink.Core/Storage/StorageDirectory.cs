namespace Sink.Core.Storage;

/// <summary>What a directory holds under one name.</summary>
/// <param name="Name">The name.</param>
/// <param name="Length">Bytes of a file.</param>
/// <param name="IsDirectory">Not a file.</param>
/// <param name="IsLink">Neither: it leads to one, perhaps elsewhere.</param>
internal readonly record struct StorageEntry(string Name, long Length, bool IsDirectory, bool IsLink = false);

/// <summary>Free and total bytes of a volume.</summary>
internal readonly record struct VolumeSpace(long FreeBytes, long TotalBytes);

/// <summary>
/// The one seam to the file system. Files are made with mode 0600 and directories with 0700 whatever the umask.
/// Every failure is an <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>. The directory itself may be
/// reached by a link; what is in it is not, unless <see cref="FollowingLinks"/>: a link would lead reads, cuts and writes elsewhere.
/// </summary>
internal abstract class StorageDirectory
{
    /// <summary>Suffix of a file that is not yet what its name says; anything with it may be deleted at open.</summary>
    public const string TemporarySuffix = ".tmp";

    /// <summary>A checkpoint of 100,000 open objects is a tenth of it.</summary>
    private const long MostSmallFileBytes = 128L << 20;

    /// <summary>Absolute path, for messages.</summary>
    public abstract string Path { get; }

    /// <summary>The same directory for what people arrange as they like: a store, whose folders may lie on several volumes.</summary>
    public virtual StorageDirectory FollowingLinks() => this;

    /// <summary>Whether the name stands for a link.</summary>
    public virtual bool IsLink(string name) => false;

    /// <summary>Makes the child directory when missing, and syncs this directory in either case: an earlier run may have died between the two.</summary>
    public abstract StorageDirectory CreateDirectory(string name, SyncSite site);

    /// <summary>The child directory, or null when there is none.</summary>
    public abstract StorageDirectory? OpenDirectory(string name);

    /// <summary>Files and directories, in no particular order; names that vanish while listing are left out.</summary>
    public abstract IReadOnlyList<StorageEntry> List();

    /// <summary>A new file for reading and writing; an error when the name exists.</summary>
    public abstract StorageFile Create(string name);

    /// <summary>An existing file, or null when there is none.</summary>
    public abstract StorageFile? Open(string name, bool writable = false);

    /// <summary>Renames a file, replacing <paramref name="to"/>.</summary>
    public abstract void Rename(string from, string to);

    /// <summary>Renames a file unless <paramref name="to"/> exists; false then, with nothing changed.</summary>
    public abstract bool TryRename(string from, string to);

    /// <summary>Deletes a file; nothing happens when it is missing.</summary>
    public abstract void Delete(string name);

    /// <summary>Makes creates, renames and deletes in this directory outlive the machine.</summary>
    public abstract void SyncNames(SyncSite site);

    /// <summary>Maps an existing file, whole, for reading and writing.</summary>
    public abstract StorageMap Map(string name);

    /// <summary>Takes the exclusive lock that the named file stands for, or null when another holder has it. The file is made when missing and never deleted.</summary>
    public abstract IDisposable? TryLock(string name);

    public abstract VolumeSpace GetSpace();

    /// <summary>
    /// Replaces the named file: temporary, write, sync, rename. After a power loss the name holds the old bytes or the
    /// new ones, whole; which, is settled by the caller's <see cref="SyncNames"/>.
    /// </summary>
    public void Replace(string name, ReadOnlySpan<byte> bytes, SyncSite site)
    {
        string temporary = name + TemporarySuffix;
        Delete(temporary);
        using (StorageFile file = Create(temporary))
        {
            file.Write(0, bytes);
            file.Sync(site);
        }

        Rename(temporary, name);
    }

    /// <summary>The whole of a small file, or null when there is none. Of one that is larger than any of ours is, the beginning: its own length tells that it is none.</summary>
    public byte[]? ReadAll(string name)
    {
        using StorageFile? file = Open(name);
        if (file is null)
        {
            return null;
        }

        return ReadAll(file);
    }

    /// <summary>As <see cref="ReadAll(string)"/>, but with one more try; empty when the disk does not give the bytes back then either, and why.</summary>
    /// <exception cref="IOException">It cannot be opened, which says nothing of its bytes.</exception>
    public byte[]? ReadAll(string name, out IOException? failure)
    {
        failure = null;
        using StorageFile? file = Open(name);
        for (int tries = 1; file is not null; tries++)
        {
            try
            {
                return ReadAll(file);
            }
            catch (IOException exception)
            {
                if (tries == 2)
                {
                    failure = exception;
                    return [];
                }
            }
        }

        return null;
    }

    private static byte[] ReadAll(StorageFile file)
    {
        byte[] bytes = new byte[Math.Min(file.Length, MostSmallFileBytes)];
        int count = file.Read(0, bytes);
        return count == bytes.Length ? bytes : bytes[..count];
    }
}
