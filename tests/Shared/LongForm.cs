using System.Collections.Concurrent;
using System.Globalization;

namespace S3Journal.Proofs;

/// <summary>
/// How far a proof goes: by one count in every run, by a larger one in its long form, which <c>eng/chaos.sh</c> asks for.
/// A test with a long form carries <c>[Trait(LongForm.Trait, LongForm.Yes)]</c>.
/// </summary>
internal static class LongForm
{
    public const string Trait = "Long";
    public const string Yes = "yes";

    private const int UsualSeed = 1;

    private static readonly ConcurrentDictionary<string, bool> _told = new(StringComparer.Ordinal);

    public static bool IsOn { get; } = Environment.GetEnvironmentVariable("S3JOURNAL_TESTS_LONG") == "1";

    private static readonly int _seed = Environment.GetEnvironmentVariable("S3JOURNAL_TESTS_SEED") is { Length: > 0 } seed
        ? int.Parse(seed, CultureInfo.InvariantCulture)
        : IsOn ? Random.Shared.Next() : UsualSeed;

    /// <summary>The same in every run, a fresh one in the long form; <c>S3JOURNAL_TESTS_SEED</c> repeats one. Report it with the figures.</summary>
    public static int Seed
    {
        get
        {
            // Also where the test fails before its figures are there.
            if (TestContext.Current is { Test: { } test, TestOutputHelper: { } output } && _told.TryAdd(test.UniqueID, true))
            {
                output.WriteLine($"Again: S3JOURNAL_TESTS_SEED={_seed.ToString(CultureInfo.InvariantCulture)}");
            }

            return _seed;
        }
    }

    public static long Count(long inEveryRun, long inLongForm) => IsOn ? inLongForm : inEveryRun;
}
