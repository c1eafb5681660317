namespace Sink.Core.Storage;

/// <summary>What a directory holds under one name.</summary>
internal readonly record struct StorageEntry(string Name, long Length, bool IsDirectory);

/// <summary>Free and total bytes of a volume.</summary>
internal readonly record struct VolumeSpace(long FreeBytes, long TotalBytes);

/// <summary>
/// The one seam to the file system. Files are made with mode 0600 and directories with 0700 whatever the umask.
/// Every failure is an <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.
/// </summary>
internal abstract class StorageDirectory
{
    /// <summary>Suffix of a file that is not yet what its name says; anything with it may be deleted at open.</summary>
    public const string TemporarySuffix = ".tmp";

    /// <summary>Absolute path, for messages.</summary>
    public abstract string Path { get; }

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

    /// <summary>The whole of a small file, or null when there is none.</summary>
    public byte[]? ReadAll(string name)
    {
        using StorageFile? file = Open(name);
        if (file is null)
        {
            return null;
        }

        byte[] bytes = new byte[checked((int)file.Length)];
        int count = file.Read(0, bytes);
        return count == bytes.Length ? bytes : bytes[..count];
    }
}
