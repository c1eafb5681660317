using Sink.Core.Storage;

namespace Sink.Core.Tests.Fakes;

/// <summary>Calls made and bytes moved since the last reset; calls that failed count too.</summary>
internal sealed class CallCounts
{
    private readonly long[] _calls = new long[Enum.GetValues<DiskCallKind>().Length];
    private readonly long[] _syncs = new long[Enum.GetValues<SyncSite>().Length];

    public long this[DiskCallKind kind] => _calls[(int)kind];

    public long Total => _calls.Sum();

    public long BytesRead { get; private set; }

    public long BytesWritten { get; private set; }

    public long SyncsOf(SyncSite site) => _syncs[(int)site];

    public void Reset()
    {
        Array.Clear(_calls);
        Array.Clear(_syncs);
        BytesRead = 0;
        BytesWritten = 0;
    }

    public void Add(in DiskCall call)
    {
        _calls[(int)call.Kind]++;
        if (call.Site is { } site)
        {
            _syncs[(int)site]++;
        }
    }

    public void AddRead(long bytes) => BytesRead += bytes;

    public void AddWritten(long bytes) => BytesWritten += bytes;

    /// <summary>Two runs made the same calls when these texts are equal.</summary>
    public override string ToString()
    {
        IEnumerable<string> calls = Enum.GetValues<DiskCallKind>().Where(k => this[k] > 0).Select(k => $"{k}={this[k]}");
        IEnumerable<string> syncs = Enum.GetValues<SyncSite>().Where(s => SyncsOf(s) > 0).Select(s => $"sync {s}={SyncsOf(s)}");
        return string.Join(' ', [.. calls, .. syncs, $"read={BytesRead}", $"written={BytesWritten}"]);
    }
}
