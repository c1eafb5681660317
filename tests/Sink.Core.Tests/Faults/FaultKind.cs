namespace Sink.Core.Tests.Faults;

/// <summary>How a disk fails a call.</summary>
internal enum FaultKind
{
    NoSpace,
    WriteError,
    SyncError,
    ShortWrite,
    ReadError,
    TooManyFiles,
    PermissionLost,
    DirectoryRemoved,
}
