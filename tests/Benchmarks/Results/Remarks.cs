namespace Benchmarks.Results;

/// <summary>What people wrote to the figures, kept apart from them: a file with a heading for each group.</summary>
internal sealed class Remarks
{
    private const string Heading = "## ";

    private readonly Dictionary<string, string> _sections = [];

    public static Remarks Read(string path)
    {
        Remarks remarks = new();
        foreach (string section in ("\n" + File.ReadAllText(path).ReplaceLineEndings("\n")).Split("\n" + Heading)[1..])
        {
            int end = section.IndexOf('\n', StringComparison.Ordinal);
            remarks._sections[section[..end].Trim()] = section[end..].Trim();
        }

        return remarks;
    }

    /// <summary>Empty when there is none.</summary>
    public string Of(string group) => _sections.GetValueOrDefault(group, "");
}
