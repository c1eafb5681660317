using System.Text.RegularExpressions;

namespace Sink.Core.Tests.Format;

/// <summary><c>docs/guarantees.md</c> and <c>docs/coming-from.md</c> name tests as <c>Class.Method</c>; each is there.</summary>
public partial class GuaranteesPageTests
{
    private readonly ILookup<string, string> _sources = Directory
        .EnumerateFiles(Path.Join(GoldenFile.RepositoryRoot, "tests"), "*.cs", SearchOption.AllDirectories)
        .ToLookup(static file => Path.GetFileNameWithoutExtension(file));

    [Fact]
    public void EachTestThatThePageNamesIsThere()
    {
        Match[] named = LongName().Matches(Page("guarantees.md")).ToArray();
        Assert.True(named.Length > 40, $"The page names {named.Length} tests.");
        Assert.All(named, AssertIsThere);
    }

    /// <summary>Other cells of that page name options and methods of the same form.</summary>
    [Fact]
    public void EachRowOfThePageForUsersOfOtherSystemsEndsWithTestsThatAreThere()
    {
        string[] rows = [.. Page("coming-from.md").Split('\n').Where(static line => line.StartsWith('|') && line is not ("| there | here | shown by |" or "|---|---|---|"))];
        Assert.True(rows.Length > 60, $"The page has {rows.Length} rows.");
        Assert.All(rows, row =>
        {
            string[] cells = row.Split('|');
            Assert.Equal(5, cells.Length);
            Match[] named = Name().Matches(cells[3]).ToArray();
            Assert.NotEmpty(named);
            Assert.Equal(named.Length, cells[3].Count(static c => c == '`') / 2);
            Assert.All(named, AssertIsThere);
        });
    }

    private static string Page(string name) => File.ReadAllText(Path.Join(GoldenFile.RepositoryRoot, "docs", name));

    private void AssertIsThere(Match name) =>
        Assert.Contains(_sources[name.Groups[1].Value], file => File.ReadAllText(file).Contains($" {name.Groups[2].Value}(", StringComparison.Ordinal));

    [GeneratedRegex("`([A-Z][A-Za-z0-9]{2,})\\.([A-Z][A-Za-z0-9]{15,})`")]
    private static partial Regex LongName();

    [GeneratedRegex("`([A-Z][A-Za-z0-9]{2,})\\.([A-Z][A-Za-z0-9]{2,})`")]
    private static partial Regex Name();
}
