namespace Sink.Core.Tests.Format;

/// <summary>
/// A file of <c>Golden/</c>: bytes that a released version wrote. A test that wants them changed changes the format, and
/// then the version in the file, the page <c>docs/format.md</c> and a reader of the old version belong to the same change.
/// </summary>
internal static class GoldenFile
{
    /// <summary>Set to 1 to write the files anew into the source tree. Each test that writes one fails, so that no run passes by having written what it expects.</summary>
    private const string RewriteVariable = "S3JOURNAL_TESTS_REWRITE_GOLDEN_FILES";

    public static string RepositoryRoot { get; } = FindRoot();

    public static byte[] Read(string name) => File.ReadAllBytes(Path.Join(AppContext.BaseDirectory, "Golden", name));

    /// <summary>Asserts that what was written is the golden file to the last byte.</summary>
    public static void AssertSame(string name, ReadOnlySpan<byte> written)
    {
        if (Environment.GetEnvironmentVariable(RewriteVariable) == "1")
        {
            File.WriteAllBytes(Path.Join(RepositoryRoot, "tests", "Sink.Core.Tests", "Golden", name), written);
            Assert.Fail($"{name} was written anew because {RewriteVariable} is set; look at the difference, and run again without it.");
        }

        byte[] golden = Read(name);
        int same = golden.AsSpan().CommonPrefixLength(written);
        Assert.True(same == golden.Length && same == written.Length, $"{name} has {golden.Length} bytes, {written.Length} were written; they differ from offset {same} on.");
    }

    private static string FindRoot()
    {
        string? directory = AppContext.BaseDirectory;
        while (directory is not null && !File.Exists(Path.Join(directory, "Sinks.sln")))
        {
            directory = Path.GetDirectoryName(directory);
        }

        return directory ?? throw new InvalidOperationException("Sinks.sln is in no directory above the tests.");
    }
}
