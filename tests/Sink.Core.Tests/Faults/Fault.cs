using Sink.Core.Tests.Fakes;

namespace Sink.Core.Tests.Faults;

/// <summary>What a call gets from a disk that fails so; errors as .NET gives them on Linux.</summary>
internal static class Fault
{
    private const int IoError = 5;
    private const int TooManyOpenFiles = 24;
    private const int NoSpaceLeft = 28;

    public static IReadOnlyList<FaultKind> Kinds { get; } = Enum.GetValues<FaultKind>();

    /// <summary>Null when such a fault does not touch such a call: what is open stays open, and what only looks needs no space.</summary>
    public static Exception? Of(FaultKind kind, in DiskCall call) => kind switch
    {
        FaultKind.NoSpace when call.Kind is DiskCallKind.Write or DiskCallKind.Create or DiskCallKind.CreateDirectory or DiskCallKind.Rename or DiskCallKind.TryRename => new IOException("No space left on device", NoSpaceLeft),
        FaultKind.WriteError when call.Kind is DiskCallKind.Write or DiskCallKind.Truncate => new IOException("Input/output error", IoError),
        FaultKind.SyncError when call.Kind is DiskCallKind.Sync or DiskCallKind.SyncNames => new IOException("Input/output error", IoError),
        FaultKind.ShortWrite when call.Kind == DiskCallKind.Write => new ShortWriteException(),
        FaultKind.ReadError when call.Kind is DiskCallKind.Read or DiskCallKind.List => new IOException("Input/output error", IoError),
        FaultKind.TooManyFiles when call.Kind is DiskCallKind.Open or DiskCallKind.Create or DiskCallKind.Map or DiskCallKind.List or DiskCallKind.SyncNames or DiskCallKind.TryLock => new IOException("Too many open files", TooManyOpenFiles),
        FaultKind.PermissionLost when ByName(call.Kind) => new UnauthorizedAccessException("Access to the path is denied."),
        FaultKind.DirectoryRemoved when ByName(call.Kind) || call.Kind is DiskCallKind.SyncNames or DiskCallKind.GetSpace => new DirectoryNotFoundException("Could not find a part of the path."),
        _ => null,
    };

    private static bool ByName(DiskCallKind kind) => kind is
        DiskCallKind.Open or DiskCallKind.Create or DiskCallKind.CreateDirectory or DiskCallKind.OpenDirectory or DiskCallKind.List
        or DiskCallKind.Rename or DiskCallKind.TryRename or DiskCallKind.Delete or DiskCallKind.Map or DiskCallKind.TryLock;
}
