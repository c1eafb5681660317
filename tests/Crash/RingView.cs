using Microsoft.Win32.SafeHandles;
using Sink.Core.Log;

namespace Crash;

/// <summary>Looks at the header of a ring that another process has mapped, or had.</summary>
internal sealed class RingView : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly byte[] _page = new byte[RingHeader.Bytes];

    private RingView(SafeFileHandle file)
    {
        _file = file;
    }

    /// <summary>Null when there is no such ring.</summary>
    public static RingView? Open(string path) =>
        File.Exists(path) ? new RingView(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete)) : null;

    /// <summary>The run that owns or owned it, and what it is doing; null when its header says nothing yet.</summary>
    public (Run Run, LanePhase Phase)? Read() =>
        RandomAccess.Read(_file, _page, 0) == _page.Length && RingHeader.TryRead(_page, out Run run, out _, out _) ? (run, LanePhase.Read(_page)) : null;

    public void Dispose() => _file.Dispose();
}
