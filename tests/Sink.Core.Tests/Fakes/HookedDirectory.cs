using Sink.Core.Storage;

namespace Sink.Core.Tests.Fakes;

/// <summary>Any directory, with a hook before each call that no lock is held for: it may block, or throw what it likes.</summary>
internal sealed class HookedDirectory(StorageDirectory inner, Action<DiskCall> before) : StorageDirectory
{
    public override string Path => inner.Path;

    public override StorageDirectory CreateDirectory(string name, SyncSite site)
    {
        Before(DiskCallKind.CreateDirectory, name, site);
        return new HookedDirectory(inner.CreateDirectory(name, site), before);
    }

    public override StorageDirectory? OpenDirectory(string name)
    {
        Before(DiskCallKind.OpenDirectory, name);
        return inner.OpenDirectory(name) is { } child ? new HookedDirectory(child, before) : null;
    }

    public override IReadOnlyList<StorageEntry> List()
    {
        Before(DiskCallKind.List, "");
        return inner.List();
    }

    public override StorageFile Create(string name)
    {
        Before(DiskCallKind.Create, name);
        return new HookedFile(inner.Create(name), Path, before);
    }

    public override StorageFile? Open(string name, bool writable = false)
    {
        Before(DiskCallKind.Open, name);
        return inner.Open(name, writable) is { } file ? new HookedFile(file, Path, before) : null;
    }

    public override void Rename(string from, string to)
    {
        Before(DiskCallKind.Rename, from);
        inner.Rename(from, to);
    }

    public override bool TryRename(string from, string to)
    {
        Before(DiskCallKind.TryRename, from);
        return inner.TryRename(from, to);
    }

    public override void Delete(string name)
    {
        Before(DiskCallKind.Delete, name);
        inner.Delete(name);
    }

    public override void SyncNames(SyncSite site)
    {
        Before(DiskCallKind.SyncNames, "", site);
        inner.SyncNames(site);
    }

    public override StorageMap Map(string name)
    {
        Before(DiskCallKind.Map, name);
        return inner.Map(name);
    }

    public override IDisposable? TryLock(string name)
    {
        Before(DiskCallKind.TryLock, name);
        return inner.TryLock(name);
    }

    public override VolumeSpace GetSpace()
    {
        Before(DiskCallKind.GetSpace, "");
        return inner.GetSpace();
    }

    private void Before(DiskCallKind kind, string name, SyncSite? site = null) => before(new DiskCall(kind, Path, name, site));
}
