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

    public static bool IsOn { get; } = Environment.GetEnvironmentVariable("S3JOURNAL_TESTS_LONG") == "1";

    /// <summary>The same in every run, a fresh one in the long form; <c>S3JOURNAL_TESTS_SEED</c> repeats one. Report it with the figures.</summary>
    public static int Seed { get; } = Environment.GetEnvironmentVariable("S3JOURNAL_TESTS_SEED") is { Length: > 0 } seed
        ? int.Parse(seed, CultureInfo.InvariantCulture)
        : IsOn ? Random.Shared.Next() : UsualSeed;

    public static long Count(long inEveryRun, long inLongForm) => IsOn ? inLongForm : inEveryRun;
}
