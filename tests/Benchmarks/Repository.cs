using System.Diagnostics;

namespace Benchmarks;

/// <summary>The checkout that the program is run in.</summary>
internal static class Repository
{
    /// <exception cref="DirectoryNotFoundException">The current directory is not in it.</exception>
    public static string Root()
    {
        for (DirectoryInfo? at = new(Directory.GetCurrentDirectory()); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Join(at.FullName, "Sinks.sln")))
            {
                return at.FullName;
            }
        }

        throw new DirectoryNotFoundException("Run this within the repository.");
    }

    /// <summary>The commit, with "+" when the sources differ from it.</summary>
    public static string Commit()
    {
        string commit = Git("rev-parse", "--short=12", "HEAD");
        return Git("status", "--porcelain", "--", "src", "tests/Benchmarks", "Directory.Packages.props").Length == 0 ? commit : $"{commit}+";
    }

    private static string Git(params string[] arguments)
    {
        using Process git = Process.Start(new ProcessStartInfo("git", arguments) { RedirectStandardOutput = true })!;
        string output = git.StandardOutput.ReadToEnd().Trim();
        git.WaitForExit();
        return output;
    }
}
