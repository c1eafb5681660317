using Sink.Core.Storage;

namespace Sink.Core.Tests.Fakes;

/// <summary>One process's handle on a directory of a <see cref="MemoryDisk"/>.</summary>
internal sealed class MemoryDirectory(MemoryDisk disk, DirectoryNode node, int run) : StorageDirectory
{
    public override string Path => node.Path;

    public override StorageDirectory CreateDirectory(string name, SyncSite site)
    {
        DirectoryNode child;
        lock (disk.Gate)
        {
            Begin(DiskCallKind.CreateDirectory, name);
            child = node.Find(name) switch
            {
                DirectoryNode existing => existing,
                null => new DirectoryNode($"{Path}/{name}"),
                _ => throw new IOException($"File exists : '{Path}/{name}'"),
            };
            if (node.Find(name) is null)
            {
                node.Bind(name, child);
            }

            disk.EndNeedsLock();
        }

        SyncNames(site);
        return new MemoryDirectory(disk, child, run);
    }

    public override StorageDirectory? OpenDirectory(string name)
    {
        lock (disk.Gate)
        {
            Begin(DiskCallKind.OpenDirectory, name);
            disk.EndNeedsLock();
            return node.Find(name) is DirectoryNode child ? new MemoryDirectory(disk, child, run) : null;
        }
    }

    public override IReadOnlyList<StorageEntry> List()
    {
        lock (disk.Gate)
        {
            Begin(DiskCallKind.List, "");
            disk.EndNeedsLock();
            return [.. node.Names.Select(pair => new StorageEntry(pair.Key, (pair.Value as FileNode)?.Length ?? 0, pair.Value is DirectoryNode))];
        }
    }

    public override StorageFile Create(string name)
    {
        lock (disk.Gate)
        {
            Begin(DiskCallKind.Create, name);
            if (node.Find(name) is not null)
            {
                throw new IOException($"The file '{Path}/{name}' already exists.");
            }

            FileNode file = new();
            node.Bind(name, file);
            disk.EndNeedsLock();
            return new MemoryFile(disk, this, file, name, run, isWritable: true);
        }
    }

    public override StorageFile? Open(string name, bool writable = false)
    {
        lock (disk.Gate)
        {
            Begin(DiskCallKind.Open, name);
            FileNode? file = FindFile(name);
            disk.EndNeedsLock();
            return file is null ? null : new MemoryFile(disk, this, file, name, run, writable);
        }
    }

    public override void Rename(string from, string to)
    {
        lock (disk.Gate)
        {
            Begin(DiskCallKind.Rename, from, target: to);
            RenameNeedsLock(from, to);
            disk.EndNeedsLock();
        }
    }

    public override bool TryRename(string from, string to)
    {
        lock (disk.Gate)
        {
            Begin(DiskCallKind.TryRename, from, target: to);
            if (FindFile(from) is not null && node.Find(to) is not null)
            {
                disk.EndNeedsLock();
                return false;
            }

            RenameNeedsLock(from, to);
            disk.EndNeedsLock();
            return true;
        }
    }

    public override void Delete(string name)
    {
        lock (disk.Gate)
        {
            Begin(DiskCallKind.Delete, name);
            if (FindFile(name) is not null)
            {
                disk.ReleaseNeedsLock(node.Bind(name, null));
            }

            disk.EndNeedsLock();
        }
    }

    public override void SyncNames(SyncSite site)
    {
        lock (disk.Gate)
        {
            disk.BeginNeedsLock(new DiskCall(DiskCallKind.SyncNames, Path, "", site), run);
            if (!disk.IgnoredSites.Contains(site))
            {
                node.SyncNames();
            }

            disk.EndNeedsLock();
        }
    }

    public override StorageMap Map(string name)
    {
        lock (disk.Gate)
        {
            Begin(DiskCallKind.Map, name);
            FileNode file = FindFile(name) ?? throw NotFound(name);
            if (file.Length == 0)
            {
                throw new IOException($"An empty file cannot be mapped : '{Path}/{name}'");
            }

            long unsynced = file.FindUnsyncedByte();
            if (unsynced >= 0)
            {
                throw new UnsafeMappingException($"'{Path}/{name}' is not written and synced at {unsynced}");
            }

            disk.EndNeedsLock();
            return new MemoryMap(disk, file, run);
        }
    }

    public override IDisposable? TryLock(string name)
    {
        lock (disk.Gate)
        {
            Begin(DiskCallKind.TryLock, name);
            FileNode? file = FindFile(name);
            if (file is null)
            {
                file = new FileNode();
                node.Bind(name, file);
            }

            bool taken = disk.TryLockNeedsLock(file);
            disk.EndNeedsLock();
            return taken ? new MemoryLock(disk, file, run) : null;
        }
    }

    public override VolumeSpace GetSpace()
    {
        lock (disk.Gate)
        {
            Begin(DiskCallKind.GetSpace, "");
            disk.EndNeedsLock();
            return new VolumeSpace(disk.FreeBytes, disk.CapacityBytes);
        }
    }

    private void RenameNeedsLock(string from, string to)
    {
        FileNode file = FindFile(from) ?? throw NotFound(from);
        if (node.Find(to) is DirectoryNode)
        {
            throw new IOException($"Is a directory : '{Path}/{to}'");
        }

        // As rename(2): two names of one file stay as they are.
        if (node.Find(to) != file)
        {
            disk.ReleaseNeedsLock(node.Rename(from, to));
        }
    }

    private FileNode? FindFile(string name) => node.Find(name) switch
    {
        DirectoryNode => throw new UnauthorizedAccessException($"Access to the path '{Path}/{name}' is denied: it is a directory"),
        Node found => (FileNode)found,
        null => null,
    };

    private FileNotFoundException NotFound(string name) => new($"Could not find file '{Path}/{name}'.", $"{Path}/{name}");

    private void Begin(DiskCallKind kind, string name, string? target = null)
    {
        disk.BeginNeedsLock(new DiskCall(kind, Path, name, Target: target), run);
        if (kind is not (DiskCallKind.List or DiskCallKind.GetSpace) && !(IsName(name) && (target is null || IsName(target))))
        {
            throw new IOException($"Not a name of a file in '{Path}': '{name}'");
        }
    }

    private static bool IsName(string name) => name is not ("" or "." or "..") && !name.AsSpan().ContainsAny('/', '\\', '\0');
}
