namespace Sink.Core.Storage;

/// <summary>One open file. Not safe for concurrent writers; reads may run beside a writer.</summary>
internal abstract class StorageFile : IDisposable
{
    public abstract string Name { get; }

    public abstract long Length { get; }

    /// <summary>The same bytes stand under another name too, which need not be ours: they must not be changed in place.</summary>
    public virtual bool HasOtherNames => false;

    /// <summary>Fills <paramref name="buffer"/> from <paramref name="offset"/>; less than its length only at the end of the file.</summary>
    public abstract int Read(long offset, Span<byte> buffer);

    /// <summary>Writes all of <paramref name="bytes"/>; a gap beyond the end reads as zeroes.</summary>
    public abstract void Write(long offset, ReadOnlySpan<byte> bytes);

    public abstract void Truncate(long length);

    /// <summary>
    /// Lengthens the file to that, with zeroes, and takes the disk space for it where the system can: syncs of what is then
    /// written into it have less to do. Nothing of it needs to outlive the machine.
    /// </summary>
    public abstract void Reserve(long length);

    /// <summary>Whether parts of the file read as zeroes and have no place on the disk, as far as the system can tell.</summary>
    public abstract bool HasHoles();

    /// <summary>The one call that makes a file's bytes outlive the machine. After it has thrown, the file must not be synced or trusted again.</summary>
    public abstract void Sync(SyncSite site);

    public abstract void Dispose();
}
