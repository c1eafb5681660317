using System.Globalization;

namespace Sink.Core.Tests.Format;

/// <summary>
/// <c>docs/format.md</c> shows, beside each field, its bytes in a golden file. A table that begins with
/// <c>&lt;!-- name --&gt;</c> has the offset in its first column and the bytes in its last.
/// </summary>
public class FormatPageTests
{
    private static readonly string[] _lines = File.ReadAllLines(Path.Join(GoldenFile.RepositoryRoot, "docs", "format.md"));

    public static TheoryData<string> Files() => ["frame.bin", "padding.bin", "segment.bin", "ring-header.bin", "checkpoint.bin", "sidecar.bin", "identity.bin", "definition.bin"];

    [Theory]
    [MemberData(nameof(Files))]
    public void ThePagesTableIsWhatTheFileHolds(string name)
    {
        byte[] golden = GoldenFile.Read(name);
        int rows = 0;
        foreach (string row in _lines.SkipWhile(line => line != $"<!-- {name} -->").Skip(3).TakeWhile(line => line.StartsWith('|')))
        {
            string[] cells = row.Trim('|').Split('|');
            string hex = cells[^1].Trim(' ', '`').Replace(" ", "", StringComparison.Ordinal);
            if (!int.TryParse(cells[0], NumberStyles.Number, CultureInfo.InvariantCulture, out int offset) || hex.Length == 0)
            {
                continue;
            }

            byte[] bytes = Convert.FromHexString(hex);
            Assert.True(golden.AsSpan(offset).StartsWith(bytes), $"{name} at {offset}: the page says {hex}, the file holds {Convert.ToHexStringLower(golden.AsSpan(offset, bytes.Length))}.");
            rows++;
        }

        Assert.True(rows > 1, $"docs/format.md has no table for {name}.");
    }
}
