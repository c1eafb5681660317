namespace Extensions.Logging.S3Journal.Tests.Docs;

/// <summary>This is the one test project that sees every front end.</summary>
public class ConfigurationPageTests
{
    [Fact]
    public void ThePageOfAllOptionsIsCurrent()
    {
        string path = Path.Join(Root(), "docs", "configuration.md");
        string page = ConfigurationPage.Write();
        if (Environment.GetEnvironmentVariable("S3JOURNAL_TESTS_REWRITE_DOCS") == "1")
        {
            File.WriteAllText(path, page);
        }

        Assert.Equal(page, File.ReadAllText(path).ReplaceLineEndings("\n"));
    }

    private static string Root()
    {
        DirectoryInfo? at = new(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Join(at.FullName, "Sinks.sln")))
        {
            at = at.Parent;
        }

        return at?.FullName ?? throw new DirectoryNotFoundException("Sinks.sln is in no directory above the tests.");
    }
}
