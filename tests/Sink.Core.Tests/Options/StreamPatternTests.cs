using System.Text.RegularExpressions;
using CsCheck;
using Sink.Core.Options;

namespace Sink.Core.Tests.Options;

/// <summary>Patterns of stream names against the same as regular expressions.</summary>
public class StreamPatternTests
{
    private static readonly string[] _parts = ["a", "b", "/", "*", "**"];

    [Theory]
    [InlineData("orders/*", "orders/api", true)]
    [InlineData("orders/*", "orders/api/v2", false)]
    [InlineData("orders/**", "orders/api/v2", true)]
    [InlineData("orders/**", "orders", false)]
    [InlineData("**", "a", true)]
    [InlineData("*", "a/b", false)]
    [InlineData("a", "A", false)]
    [InlineData("a*c", "ac", true)]
    [InlineData("**/audit", "a/b/audit", true)]
    [InlineData("*/x/**/y*", "a/x/q/x/yy/y1", true)]
    public void NamesMatch(string pattern, string name, bool matches) => Assert.Equal(matches, StreamPattern.Matches(pattern, name));

    [Fact]
    public void AnyPatternMatchesWhatTheRegularExpressionDoes()
    {
        Gen<string> text = Gen.Int[0, 4].Select(static i => _parts[i]).List[0, 8].Select(string.Concat);
        Gen<string> name = Gen.Int[0, 2].Select(static i => "ab/"[i]).Array[0, 10].Select(static chars => new string(chars));
        Gen.Select(text, name).Sample(
            static (pattern, name) =>
            {
                // "***" is "**" and "*".
                string expression = "\\A" + Regex.Escape(pattern).Replace("\\*\\*", "\0", StringComparison.Ordinal).Replace("\\*", "[^/]*", StringComparison.Ordinal).Replace("\0", ".*", StringComparison.Ordinal) + "\\z";
                Assert.Equal(Regex.IsMatch(name, expression, RegexOptions.Singleline), StreamPattern.Matches(pattern, name));
            },
            iter: 20_000);
    }
}
