using System.Text.RegularExpressions;

namespace Sink.Core.Tests.Journals;

/// <summary>What a journal may touch on the disk, and what its parts may know of each other.</summary>
public partial class BoundariesTests
{
    [Fact]
    public async Task EveryFileIsItsOwnersAloneAndNothingLiesElsewhere()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        DirectoryInfo root = Directory.CreateTempSubdirectory("s3journal-");
        try
        {
            JournalOptions options = new()
            {
                Destination = new Uri(Path.Combine(root.FullName, "store")).AbsoluteUri,
                LocalDirectory = Path.Combine(root.FullName, "local"),
                MinFreeDiskBytes = 0,
            };
            using (Journal journal = Journal.Open(options))
            {
                JournalBench.Append(journal, 1);
                await journal.FlushAsync().WaitAsync(JournalBench.Generous);
                JournalBench.Append(journal, 2);
                JournalBench.Until(() => journal.GetStats().Queue.OpenObjects == 1);
                Check(root);
            }

            Check(root);
            Assert.Equal(["local", "store"], root.GetFileSystemInfos().Select(i => i.Name).Order());
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("Storage")]
    [InlineData("Diagnostics", "Lanes")]
    [InlineData("Compression")]
    [InlineData("Payloads", "Compressing")]
    [InlineData("Log", "Storage", "Diagnostics")]
    [InlineData("Delivery", "Storage", "Diagnostics", "Payloads")]
    [InlineData("Packing", "Storage", "Diagnostics", "Log", "Delivery", "Payloads", "Compressing")]
    [InlineData("Lanes", "Storage", "Diagnostics", "Log", "Delivery", "Packing", "Options")]
    public void AFolderRefersOnlyToThoseBelowIt(string folder, params string[] below)
    {
        string directory = Path.Combine(Sources(), folder);
        foreach (string file in Directory.GetFiles(directory, "*.cs", SearchOption.AllDirectories))
        {
            string text = File.ReadAllText(file);
            string own = OwnNamespace().Match(text).Groups[1].Value;
            IEnumerable<string> used = UsedNamespace().Matches(text).Select(m => m.Groups[1].Value).Where(name => name != own && name != folder);
            Assert.All(used, name => Assert.True(below.Contains(name), $"{file} refers to {name}"));
            Assert.DoesNotContain("Serilog", text);
        }
    }

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static void Check(DirectoryInfo root)
    {
        const UnixFileMode Others = ~(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (FileSystemInfo info in root.GetFileSystemInfos("*", SearchOption.AllDirectories))
        {
            Assert.Equal(UnixFileMode.None, info.UnixFileMode & Others);
            Assert.Equal(info is DirectoryInfo, info.UnixFileMode.HasFlag(UnixFileMode.UserExecute));
        }
    }

    private static string Sources()
    {
        for (DirectoryInfo? directory = new(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            string sources = Path.Combine(directory.FullName, "src", "Sink.Core");
            if (Directory.Exists(sources))
            {
                return sources;
            }
        }

        throw new DirectoryNotFoundException("The sources are not above the tests.");
    }

    [GeneratedRegex(@"^namespace Sink\.Core\.?(\w*)", RegexOptions.Multiline)]
    private static partial Regex OwnNamespace();

    [GeneratedRegex(@"^using Sink\.Core\.(\w+)", RegexOptions.Multiline)]
    private static partial Regex UsedNamespace();
}
