using System.Globalization;

namespace S3Journal.Proofs;

/// <summary>
/// What a proof did, in counts: to the test's output and, as a line with tabs, to the file of <c>S3JOURNAL_TESTS_FIGURES</c>, of which
/// <c>test.sh</c> and <c>eng/chaos.sh</c> print a table.
/// </summary>
internal static class Figures
{
    private static readonly Lock _lock = new();

    /// <param name="proof">A few words: "crash states".</param>
    /// <param name="figures">Named numbers and texts, in order; a seed is a text, to be copied: ("sequences", 1110), ("seed", "1").</param>
    public static void Report(string proof, params (string Name, object Value)[] figures)
    {
        string text = string.Join(", ", figures.Select(static figure => string.Create(CultureInfo.InvariantCulture, $"{figure.Name} {Format(figure.Value)}")));
        TestContext.Current.TestOutputHelper?.WriteLine($"{proof}: {text}");
        if (Environment.GetEnvironmentVariable("S3JOURNAL_TESTS_FIGURES") is { Length: > 0 } file)
        {
            lock (_lock)
            {
                File.AppendAllText(file, $"{proof}\t{text}\n");
            }
        }
    }

    private static object Format(object value) => value is int or long ? Convert.ToInt64(value, CultureInfo.InvariantCulture).ToString("N0", CultureInfo.InvariantCulture) : value;
}
