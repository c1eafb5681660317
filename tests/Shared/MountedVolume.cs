using System.ComponentModel;
using System.Diagnostics;

namespace S3Journal.Proofs;

/// <summary>A small file system of its own, mounted for one test. Where the kernel refuses to mount, the test is skipped and says why.</summary>
internal sealed class MountedVolume : IDisposable
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("s3journal-volume-");
    private readonly string[] _mount;
    private bool _isMounted;

    private MountedVolume(params string[] mount)
    {
        Directory.CreateDirectory(Path);
        _mount = mount;
    }

    public string Path => System.IO.Path.Join(_home.FullName, "mounted");

    private string Image => System.IO.Path.Join(_home.FullName, "image");

    private string Filler => System.IO.Path.Join(Path, "filler");

    /// <summary>In memory.</summary>
    /// <param name="options">As mount(8) takes them: <c>size=48m</c>.</param>
    public static MountedVolume Tmpfs(string options)
    {
        MountedVolume volume = new("-t", "tmpfs", "-o", options, "tmpfs");
        volume.MountOrDispose();
        return volume;
    }

    /// <summary>A file with a file system in it, on a loop device.</summary>
    public static MountedVolume InFile(string fileSystem, long bytes)
    {
        MountedVolume volume = new("-t", fileSystem, "-o", "loop");
        using (FileStream image = File.Create(volume.Image))
        {
            image.SetLength(bytes);
        }

        (int code, string said) = Run($"mkfs.{fileSystem}", "-q", volume.Image);
        if (code != 0)
        {
            volume.Dispose();
            Assert.True(code == NotInstalled && Environment.GetEnvironmentVariable("CI") is not { Length: > 0 }, said);
            Assert.Skip($"mkfs.{fileSystem} is not installed");
        }

        volume.MountOrDispose();
        return volume;
    }

    /// <summary>Takes every free byte, or all but some, as another program would.</summary>
    public void Fill(long leave = 0)
    {
        using (FileStream filler = new(Filler, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            byte[] bytes = new byte[64 << 10];
            for (int step = bytes.Length; step >= 4096;)
            {
                try
                {
                    filler.Write(bytes, 0, step);
                }
                catch (IOException)
                {
                    step /= 2;
                }
            }

            filler.SetLength(Math.Max(0, filler.Length - leave));
        }
    }

    /// <summary>Gives the space back.</summary>
    public void Empty() => File.Delete(Filler);

    public void Unmount()
    {
        (int code, string said) = Run("umount", Path);
        Assert.True(code == 0, said);
        _isMounted = false;
    }

    /// <summary>As a machine does when it comes up again: the file system's own journal is replayed.</summary>
    public void Remount()
    {
        Unmount();
        (int code, string said) = Mount();
        Assert.True(code == 0, said);
    }

    public void Dispose()
    {
        if (_isMounted)
        {
            // Lazily: what a failed test still holds open must not keep the next from its own.
            (int code, string said) = Run("umount", "-l", Path);
            Assert.True(code == 0, said);
        }

        _home.Delete(recursive: true);
    }

    private void MountOrDispose()
    {
        (int code, string said) = OperatingSystem.IsLinux() ? Mount() : (NotInstalled, "volumes are mounted on Linux only");
        if (code == 0)
        {
            return;
        }

        Dispose();
        bool isRefused = code == NotInstalled || !File.Exists("/dev/loop-control")
            || said.Contains("permission denied", StringComparison.OrdinalIgnoreCase)
            || said.Contains("must be superuser", StringComparison.Ordinal)
            || said.Contains("not permitted", StringComparison.OrdinalIgnoreCase);
        Assert.True(isRefused, said);
        Assert.Skip($"mounting is not allowed here: {said.Trim()}");
    }

    private (int Code, string Said) Mount()
    {
        string[] source = File.Exists(Image) ? [Image] : [];
        (int code, string said) = Run("mount", [.. _mount, .. source, Path]);
        _isMounted = code == 0;
        return (code, said);
    }

    private const int NotInstalled = -1;

    private static (int Code, string Said) Run(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["LC_ALL"] = "C";
        try
        {
            using Process process = Process.Start(start)!;
            string said = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, $"{program}: {said}");
        }
        catch (Win32Exception exception)
        {
            return (NotInstalled, $"{program}: {exception.Message}");
        }
    }
}
