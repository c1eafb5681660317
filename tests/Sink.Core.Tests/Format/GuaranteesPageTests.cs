using System.Text.RegularExpressions;

namespace Sink.Core.Tests.Format;

/// <summary><c>docs/guarantees.md</c> names tests as <c>Class.Method</c>; each is there.</summary>
public partial class GuaranteesPageTests
{
    [Fact]
    public void EachTestThatThePageNamesIsThere()
    {
        string page = File.ReadAllText(Path.Join(GoldenFile.RepositoryRoot, "docs", "guarantees.md"));
        ILookup<string, string> sources = Directory
            .EnumerateFiles(Path.Join(GoldenFile.RepositoryRoot, "tests"), "*.cs", SearchOption.AllDirectories)
            .ToLookup(static file => Path.GetFileNameWithoutExtension(file));
        Match[] named = NamedTest().Matches(page).ToArray();
        Assert.True(named.Length > 40, $"The page names {named.Length} tests.");
        Assert.All(named, name => Assert.Contains(sources[name.Groups[1].Value], file => File.ReadAllText(file).Contains($" {name.Groups[2].Value}(", StringComparison.Ordinal)));
    }

    [GeneratedRegex("`([A-Z][A-Za-z]+)\\.([A-Z][A-Za-z]{15,})`")]
    private static partial Regex NamedTest();
}
