namespace Sink.Core.Tests.Fakes;

/// <summary>A lock that one process holds until it disposes it or dies.</summary>
internal sealed class MemoryLock(MemoryDisk disk, FileNode file, int run) : IDisposable
{
    private bool _isDisposed;

    public void Dispose()
    {
        lock (disk.Gate)
        {
            if (!_isDisposed && disk.IsRunNeedsLock(run))
            {
                disk.UnlockNeedsLock(file);
            }

            _isDisposed = true;
        }
    }
}
