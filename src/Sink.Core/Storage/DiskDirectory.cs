namespace Sink.Core.Storage;

/// <summary>A directory of the real disk.</summary>
internal sealed class DiskDirectory : StorageDirectory
{
    /// <summary>Links behind links that are followed, as many as Linux does: some lead round in a circle.</summary>
    private const int MostLinks = 40;

    private const int WindowsFileExists = unchecked((int)0x80070050);
    private const int WindowsAlreadyExists = unchecked((int)0x800700B7);

    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    private readonly bool _followsLinks;

    private DiskDirectory(string path, bool followsLinks = false)
    {
        Path = path;
        _followsLinks = followsLinks;
    }

    public override string Path { get; }

    /// <summary>
    /// Opens the directory, making whatever is missing on the way to it. Every name on the path is synced in its parent,
    /// also those that were there: an earlier run may have made them and died before its sync.
    /// </summary>
    public static DiskDirectory OpenPath(string absolutePath)
    {
        if (!System.IO.Path.IsPathFullyQualified(absolutePath))
        {
            throw new ArgumentException($"The path must be absolute: '{absolutePath}'", nameof(absolutePath));
        }

        string path = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(absolutePath));
        bool parentIsOurs = false;
        foreach (string ancestor in FromTheRootDown(path))
        {
            bool missing = !Directory.Exists(ancestor);
            if (missing)
            {
                DiskMode.CreateDirectory(ancestor);
            }

            if (System.IO.Path.GetDirectoryName(ancestor) is { } parent)
            {
                SyncParent(parent, parentIsOurs);
            }

            parentIsOurs = missing;
        }

        return new DiskDirectory(path);
    }

    /// <summary>The path with every link on it followed, as far as it exists and may be looked at: two ways to one directory give one text.</summary>
    public static string PhysicalPath(string absolutePath) => PhysicalPath(absolutePath, MostLinks);

    private static string PhysicalPath(string absolutePath, int mostLinks)
    {
        string physical = "";
        foreach (string ancestor in FromTheRootDown(System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(absolutePath))))
        {
            string name = System.IO.Path.GetFileName(ancestor);
            physical = name.Length > 0 ? System.IO.Path.Join(physical, name) : ancestor;
            physical = mostLinks > 0 && TargetOf(physical) is { } target ? PhysicalPath(target, mostLinks - 1) : physical;
        }

        return physical;
    }

    /// <summary>Whether a journal can live there: makes the directory when missing, then writes and deletes a file.</summary>
    public static bool IsWritable(string path)
    {
        try
        {
            DiskDirectory directory = OpenPath(System.IO.Path.GetFullPath(path));
            string probe = $"probe-{Guid.NewGuid():N}{TemporarySuffix}";
            using (StorageFile file = directory.Create(probe))
            {
                file.Write(0, "probe"u8);
            }

            directory.Delete(probe);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    public override StorageDirectory FollowingLinks() => new DiskDirectory(Path, followsLinks: true);

    public override bool IsLink(string name) => new FileInfo(Combine(name)).LinkTarget is not null;

    public override StorageDirectory CreateDirectory(string name, SyncSite site)
    {
        string path = Combine(name);
        if (!_followsLinks && IsLink(name))
        {
            throw new IOException($"'{path}' is a link; a journal takes only directories of its own");
        }

        if (!Directory.Exists(path))
        {
            DiskMode.CreateDirectory(path);
        }

        SyncNames(site);
        return new DiskDirectory(path, _followsLinks);
    }

    public override StorageDirectory? OpenDirectory(string name)
    {
        string path = Combine(name);
        return Directory.Exists(path) && (_followsLinks || !IsLink(name)) ? new DiskDirectory(path, _followsLinks) : null;
    }

    public override IReadOnlyList<StorageEntry> List()
    {
        List<StorageEntry> entries = [];
        foreach (string path in Directory.EnumerateFileSystemEntries(Path, "*", Everything))
        {
            FileInfo file = new(path);
            if (!_followsLinks && (file.Attributes & FileAttributes.ReparsePoint) != 0 && file.LinkTarget is not null)
            {
                entries.Add(new StorageEntry(file.Name, 0, IsDirectory: false, IsLink: true));
            }
            else if (file.Exists)
            {
                entries.Add(new StorageEntry(file.Name, file.Length, IsDirectory: false));
            }
            else if (Directory.Exists(path))
            {
                entries.Add(new StorageEntry(file.Name, 0, IsDirectory: true));
            }
        }

        return entries;
    }

    public override StorageFile Create(string name) => DiskFile.CreateNew(Combine(name));

    public override StorageFile? Open(string name, bool writable = false) => DiskFile.OpenExisting(Combine(name), writable, _followsLinks);

    public override void Rename(string from, string to) => File.Move(Combine(from), Combine(to), overwrite: true);

    public override bool TryRename(string from, string to)
    {
        if (!OperatingSystem.IsWindows())
        {
            return Libc.TryRename(Combine(from), Combine(to));
        }

        try
        {
            File.Move(Combine(from), Combine(to));
            return true;
        }
        catch (IOException e) when (e.HResult is WindowsFileExists or WindowsAlreadyExists)
        {
            return false;
        }
    }

    public override void Delete(string name) => File.Delete(Combine(name));

    public override void SyncNames(SyncSite site)
    {
        // Windows has no such call: NTFS journals names in order.
        if (!OperatingSystem.IsWindows())
        {
            Libc.SyncDirectory(Path);
        }
    }

    public override StorageMap Map(string name) => DiskMap.OpenExisting(Combine(name));

    public override IDisposable? TryLock(string name) => DiskLock.TryTake(Combine(name));

    public override VolumeSpace GetSpace()
    {
        try
        {
            // On Unix any path names its volume; Windows takes the root of this one.
            DriveInfo drive = new(OperatingSystem.IsWindows() ? System.IO.Path.GetPathRoot(Path)! : Path);
            return new VolumeSpace(drive.AvailableFreeSpace, drive.TotalSize);
        }
        catch (ArgumentException)
        {
            // A Windows share has no drive and so no known size: only its own "disk full" limits the journal there.
            return new VolumeSpace(long.MaxValue, long.MaxValue);
        }
    }

    /// <summary>Where a link leads, links behind it followed too; null for what is none, or cannot be followed: opening it tells why.</summary>
    private static string? TargetOf(string path)
    {
        try
        {
            return Directory.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static IEnumerable<string> FromTheRootDown(string path)
    {
        Stack<string> ancestors = new();
        for (string? ancestor = path; ancestor is not null; ancestor = System.IO.Path.GetDirectoryName(ancestor))
        {
            ancestors.Push(ancestor);
        }

        return ancestors;
    }

    private static void SyncParent(string parent, bool isOurs)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        if (isOurs)
        {
            Libc.SyncDirectory(parent);
        }
        else
        {
            Libc.TrySyncForeignDirectory(parent);
        }
    }

    // A name that came out of a damaged file must not lead out of the directory.
    private string Combine(string name)
    {
        if (name.Length == 0 || name is "." or ".." || name.AsSpan().ContainsAny('/', '\\', '\0'))
        {
            throw new IOException($"Not a name of a file in '{Path}': '{name}'");
        }

        return System.IO.Path.Join(Path, name);
    }
}
