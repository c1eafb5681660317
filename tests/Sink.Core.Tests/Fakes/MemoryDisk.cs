using Sink.Core.Storage;

namespace Sink.Core.Tests.Fakes;

/// <summary>
/// A volume in memory that can lose its process or its power. After a power loss it holds what was synced and, of the
/// rest, whatever a <see cref="PowerLossChoice"/> leaves. Safe for concurrent use, but for the bytes of maps.
/// </summary>
internal sealed class MemoryDisk
{
    public const int SectorBytes = 512;

    private const string RootPath = "/memory";
    private const int NoSpaceLeft = 28;

    private readonly HashSet<FileNode> _locked = [];
    private readonly HashSet<FileNode> _mapped = [];
    private readonly DirectoryNode _root;
    private long _usedBytes;

    // Each run is one life of the process; handles of an earlier one are stale.
    private int _run;
    private long _calls;
    private long _failingCall;
    private Func<Exception>? _failure;
    private long _crashingCall;
    private CrashMoment _crashMoment;

    public MemoryDisk()
        : this(new DirectoryNode(RootPath))
    {
    }

    private MemoryDisk(DirectoryNode root)
    {
        _root = root;
    }

    /// <summary>The top directory as the process that lives now opens it.</summary>
    public StorageDirectory Root
    {
        get
        {
            lock (Gate)
            {
                return new MemoryDirectory(this, _root, _run);
            }
        }
    }

    public CallCounts Counts { get; } = new();

    /// <summary>Syncs of these sites are counted, answer well and do nothing.</summary>
    public HashSet<SyncSite> IgnoredSites { get; } = [];

    /// <summary>Asked before every call, under the disk's lock; what it returns is thrown instead of the call's effect.</summary>
    public Func<DiskCall, Exception?>? Fault { get; set; }

    public long CapacityBytes { get; set; } = 1L << 40;

    public long FreeBytes => Math.Max(0, CapacityBytes - _usedBytes);

    /// <summary>Handles and maps that this process holds on files that have a name; a closed journal holds none.</summary>
    public int OpenHandles
    {
        get
        {
            lock (Gate)
            {
                return _mapped.Count + _root.Walk().Select(static found => found.File).Distinct().Sum(static file => file.Handles);
            }
        }
    }

    /// <summary>The call of <see cref="CrashAfterCall"/> has come; nothing works until a kill or a power loss.</summary>
    public bool HasCrashed { get; private set; }

    public Lock Gate { get; } = new();

    /// <summary>The write that is being made is the one at which the process dies.</summary>
    public bool IsTearing => HasCrashed && _crashMoment == CrashMoment.During;

    /// <summary>Fails the <paramref name="n"/>-th call from now on, once.</summary>
    public void FailNth(long n, Func<Exception> fault)
    {
        lock (Gate)
        {
            _failingCall = _calls + n;
            _failure = fault;
        }
    }

    /// <summary>Ends the process at the <paramref name="n"/>-th call from now on: it and every later one throw.</summary>
    public void CrashAfterCall(long n, CrashMoment moment = CrashMoment.After)
    {
        lock (Gate)
        {
            _crashingCall = _calls + n;
            _crashMoment = moment;
        }
    }

    /// <summary>The process dies, the machine lives: the page cache stays, locks fall, handles become stale, maps come off.</summary>
    public void KillProcess()
    {
        lock (Gate)
        {
            EndRunNeedsLock();
            CountNeedsLock();
        }
    }

    public void PowerLoss(ulong seed) => PowerLoss(PowerLossChoice.Seeded(seed));

    public void PowerLoss(PowerLossChoice choice)
    {
        lock (Gate)
        {
            EndRunNeedsLock();
            _root.Settle(choice);
            HashSet<FileNode> settled = [];
            foreach ((string path, FileNode file) in _root.Walk())
            {
                if (settled.Add(file))
                {
                    file.Settle(path, choice);
                }
            }

            CountNeedsLock();
        }
    }

    /// <summary>Remembers the pages of all maps as they are: a state that the kernel may have written, and a power loss may choose.</summary>
    public void PageWriteback()
    {
        lock (Gate)
        {
            foreach (FileNode file in _mapped)
            {
                file.CaptureMap();
            }
        }
    }

    /// <summary>The kernel has written the pages of all maps: no power loss takes them back to what they were before.</summary>
    public void WritePagesBack()
    {
        lock (Gate)
        {
            foreach (FileNode file in _mapped)
            {
                file.WritePagesBack();
            }
        }
    }

    /// <summary>Rot: changes one bit, wherever a copy of it is kept.</summary>
    public void FlipBit(string path, long offset, int bit)
    {
        lock (Gate)
        {
            FindNeedsLock(path).FlipBit(offset, bit);
        }
    }

    /// <summary>The volume as this process's death would leave it, on its own: what was not synced is still in doubt there.</summary>
    public MemoryDisk Clone()
    {
        lock (Gate)
        {
            MemoryDisk clone = new(_root.Clone([])) { CapacityBytes = CapacityBytes };
            clone.IgnoredSites.UnionWith(IgnoredSites);
            clone.CountNeedsLock();
            return clone;
        }
    }

    /// <summary>A number for all names and contents as programs read them now, but for files of one name; not counted as a call.</summary>
    public ulong Fingerprint(string except = "")
    {
        lock (Gate)
        {
            ulong state = 0xCBF29CE484222325;
            foreach ((string path, FileNode file) in _root.Walk())
            {
                foreach (char letter in path)
                {
                    state = (state ^ letter) * 0x100000001B3;
                }

                if (except.Length == 0 || !path.EndsWith("/" + except, StringComparison.Ordinal))
                {
                    state = file.Fingerprint(state);
                }
            }

            return state;
        }
    }

    /// <summary>As <see cref="Fingerprint"/>, and for all that a power loss may still make of it; of a disk that no process uses.</summary>
    public ulong FingerprintOfDoubt()
    {
        lock (Gate)
        {
            FingerprintOfDoubt fingerprint = new();
            fingerprint.Add(_root);
            return fingerprint.Value;
        }
    }

    /// <summary>Paths of all files below the root, in order; not counted as a call.</summary>
    public IReadOnlyList<string> ListFiles()
    {
        lock (Gate)
        {
            return [.. _root.Walk().Select(found => found.Path[(RootPath.Length + 1)..])];
        }
    }

    /// <summary>What a program would read now; not counted as a call.</summary>
    public byte[] ReadFile(string path)
    {
        lock (Gate)
        {
            FileNode file = FindNeedsLock(path);
            byte[] bytes = new byte[file.Length];
            file.Read(0, bytes);
            return bytes;
        }
    }

    public void BeginNeedsLock(in DiskCall call, int run)
    {
        if (TryBeginNeedsLock(call, run) is { } fault)
        {
            throw fault;
        }
    }

    /// <summary>Counts the call; the fault that it shall have, or null.</summary>
    public Exception? TryBeginNeedsLock(in DiskCall call, int run)
    {
        CheckRunNeedsLock(run);
        Counts.Add(call);
        _calls++;
        if (_calls == _crashingCall)
        {
            HasCrashed = true;
            if (_crashMoment == CrashMoment.Before || (_crashMoment == CrashMoment.During && call.Kind != DiskCallKind.Write))
            {
                throw Crash();
            }
        }

        return _calls == _failingCall ? _failure?.Invoke() : Fault?.Invoke(call);
    }

    /// <summary>The call has had its effect.</summary>
    public void EndNeedsLock()
    {
        if (HasCrashed)
        {
            throw Crash();
        }
    }

    public void CheckRunNeedsLock(int run)
    {
        if (!IsRunNeedsLock(run))
        {
            throw new StaleHandleException("a handle of a process that is dead");
        }

        EndNeedsLock();
    }

    public bool IsRunNeedsLock(int run) => run == _run;

    public IOException NoSpace(string path) => new($"No space left on device : '{path}'", NoSpaceLeft);

    public void AddUsedNeedsLock(long bytes) => _usedBytes += bytes;

    public void ReleaseNeedsLock(FileNode? file)
    {
        if (file is { IsUnused: true })
        {
            _usedBytes -= file.AllocatedBytes;
        }
    }

    /// <summary>Also a file whose name is deleted stays known while it is mapped: a power loss may bring it back.</summary>
    public MappedMemory MapNeedsLock(FileNode file)
    {
        _mapped.Add(file);
        return file.Map();
    }

    public void UnmapNeedsLock(FileNode file)
    {
        MappedMemory memory = file.Memory!;
        if (memory.Users == 1)
        {
            file.Unmap();
            _mapped.Remove(file);
        }

        memory.Release();
    }

    public bool TryLockNeedsLock(FileNode file) => _locked.Add(file);

    public void UnlockNeedsLock(FileNode file) => _locked.Remove(file);

    private static SimulatedCrashException Crash() => new("the process has died at this call");

    private FileNode FindNeedsLock(string path)
    {
        Node? node = _root;
        foreach (string name in path.Split('/'))
        {
            node = (node as DirectoryNode)?.Find(name);
        }

        return node as FileNode ?? throw new FileNotFoundException($"No such file : '{path}'", path);
    }

    private void EndRunNeedsLock()
    {
        _run++;
        _crashingCall = 0;
        HasCrashed = false;
        _locked.Clear();
        foreach (FileNode file in _mapped)
        {
            file.Unmap();
        }

        _mapped.Clear();
    }

    private void CountNeedsLock()
    {
        HashSet<FileNode> found = [];
        _usedBytes = 0;
        foreach ((_, FileNode file) in _root.Walk())
        {
            if (found.Add(file))
            {
                file.Links = 0;
                file.Handles = 0;
                _usedBytes += file.AllocatedBytes;
            }

            file.Links++;
        }
    }
}
