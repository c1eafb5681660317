using Sink.Core.Storage;

namespace Sink.Core.Tests.Fakes;

/// <summary>A file of a <see cref="HookedDirectory"/>.</summary>
internal sealed class HookedFile(StorageFile inner, string directory, Action<DiskCall> before) : StorageFile
{
    public override string Name => inner.Name;

    public override long Length => inner.Length;

    public override int Read(long offset, Span<byte> buffer)
    {
        Before(DiskCallKind.Read);
        return inner.Read(offset, buffer);
    }

    public override void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        Before(DiskCallKind.Write);
        inner.Write(offset, bytes);
    }

    public override void Truncate(long length)
    {
        Before(DiskCallKind.Truncate);
        inner.Truncate(length);
    }

    public override void Reserve(long length)
    {
        Before(DiskCallKind.Truncate);
        inner.Reserve(length);
    }

    public override bool HasHoles() => inner.HasHoles();

    public override void Sync(SyncSite site)
    {
        Before(DiskCallKind.Sync, site);
        inner.Sync(site);
    }

    public override void Dispose() => inner.Dispose();

    private void Before(DiskCallKind kind, SyncSite? site = null) => before(new DiskCall(kind, directory, Name, site));
}
