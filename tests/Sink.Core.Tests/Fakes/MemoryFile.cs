using Sink.Core.Storage;

namespace Sink.Core.Tests.Fakes;

/// <summary>One process's handle on a file of a <see cref="MemoryDisk"/>. It keeps the content when the name is deleted.</summary>
internal sealed class MemoryFile : StorageFile
{
    private readonly MemoryDisk _disk;
    private readonly StorageDirectory _directory;
    private readonly FileNode _node;
    private readonly int _run;
    private readonly bool _isWritable;
    private bool _isDisposed;

    /// <summary>Called under the disk's lock.</summary>
    public MemoryFile(MemoryDisk disk, StorageDirectory directory, FileNode node, string name, int run, bool isWritable)
    {
        _disk = disk;
        _directory = directory;
        _node = node;
        _run = run;
        _isWritable = isWritable;
        Name = name;
        node.Handles++;
    }

    public override string Name { get; }

    public override long Length
    {
        get
        {
            lock (_disk.Gate)
            {
                _disk.CheckRunNeedsLock(_run);
                ObjectDisposedException.ThrowIf(_isDisposed, this);
                return _node.Length;
            }
        }
    }

    public override int Read(long offset, Span<byte> buffer)
    {
        lock (_disk.Gate)
        {
            Begin(DiskCallKind.Read, offset, buffer.Length);
            int count = _node.Read(offset, buffer);
            _disk.Counts.AddRead(count);
            _disk.EndNeedsLock();
            return count;
        }
    }

    public override void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        lock (_disk.Gate)
        {
            _disk.CheckRunNeedsLock(_run);
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            Exception? fault = _disk.TryBeginNeedsLock(new DiskCall(DiskCallKind.Write, _directory.Path, Name, null, offset, bytes.Length), _run);
            if (fault is not null and not ShortWriteException)
            {
                throw fault;
            }

            CheckWritable();
            if (fault is not null)
            {
                bytes = bytes[..(bytes.Length / 2)];
            }

            if (_disk.IsTearing)
            {
                bytes = bytes[..CountUntilPage(offset, bytes.Length / 2)];
            }

            // A full disk takes what still fits, then refuses.
            int count = _node.CountThatFits(offset, bytes.Length, _disk.FreeBytes);
            if (count > 0)
            {
                long before = _node.AllocatedBytes;
                _node.Write(offset, bytes[..count]);
                _disk.AddUsedNeedsLock(_node.AllocatedBytes - before);
                _disk.Counts.AddWritten(count);
            }

            if (count < bytes.Length)
            {
                throw _disk.NoSpace(FullPath);
            }

            if (fault is not null)
            {
                throw fault;
            }

            _disk.EndNeedsLock();
        }
    }

    public override void Truncate(long length)
    {
        lock (_disk.Gate)
        {
            Begin(DiskCallKind.Truncate, 0, length);
            CheckWritable();
            if (length < _node.Memory?.Length)
            {
                throw new UnsafeMappingException($"'{FullPath}' is truncated while it is mapped");
            }

            long before = _node.AllocatedBytes;
            _node.Truncate(length);
            _disk.AddUsedNeedsLock(_node.AllocatedBytes - before);
            _disk.EndNeedsLock();
        }
    }

    public override void Reserve(long length) => Truncate(length);

    public override bool HasHoles()
    {
        lock (_disk.Gate)
        {
            _disk.CheckRunNeedsLock(_run);
            return _node.AllocatedBytes < _node.Length;
        }
    }

    public override void Sync(SyncSite site)
    {
        lock (_disk.Gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_disk.TryBeginNeedsLock(new DiskCall(DiskCallKind.Sync, _directory.Path, Name, site), _run) is { } fault)
            {
                _node.FailSync();
                throw fault;
            }

            if (!_disk.IgnoredSites.Contains(site))
            {
                _node.Sync();
            }

            _disk.EndNeedsLock();
        }
    }

    public override void Dispose()
    {
        lock (_disk.Gate)
        {
            if (!_isDisposed && _disk.IsRunNeedsLock(_run))
            {
                _node.Handles--;
                _disk.ReleaseNeedsLock(_node);
            }

            _isDisposed = true;
        }
    }

    private string FullPath => $"{_directory.Path}/{Name}";

    private static int CountUntilPage(long offset, int length) =>
        (int)Math.Max(0, ((offset + length) / SparseBytes.PageBytes * SparseBytes.PageBytes) - offset);

    private void Begin(DiskCallKind kind, long offset, long length)
    {
        _disk.CheckRunNeedsLock(_run);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _disk.BeginNeedsLock(new DiskCall(kind, _directory.Path, Name, null, offset, length), _run);
    }

    private void CheckWritable()
    {
        if (!_isWritable)
        {
            throw new UnauthorizedAccessException($"Access to the path '{FullPath}' is denied: it was opened for reading");
        }
    }
}
