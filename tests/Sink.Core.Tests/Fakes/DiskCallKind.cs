namespace Sink.Core.Tests.Fakes;

internal enum DiskCallKind
{
    CreateDirectory,
    OpenDirectory,
    List,
    Create,
    Open,
    Rename,
    TryRename,
    Delete,
    SyncNames,
    Map,
    TryLock,
    GetSpace,
    Read,
    Write,
    Truncate,
    Sync,
}
