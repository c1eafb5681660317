using System.Diagnostics;
using System.Globalization;
using S3Journal.Proofs;

namespace Sink.Core.Tests.Fuzz;

/// <summary>
/// Reads a count of spoiled cases. The seed and the number of a case make it, so a failing one is run alone by
/// <c>S3JOURNAL_TESTS_SEED</c> and <c>S3JOURNAL_TESTS_FUZZ_CASE</c>.
/// </summary>
internal static class FuzzRun
{
    /// <summary>In thousandths of a percent none of these takes; a reader that does hangs.</summary>
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(20);

    public static void Run(FuzzTarget target, long cases, int seed)
    {
        foreach (byte[] sample in target.Samples)
        {
            Assert.True(target.Read((byte[])sample.Clone()), $"{target.Name} does not take a valid sample.");
        }

        long first = 0;
        if (Environment.GetEnvironmentVariable("S3JOURNAL_TESTS_FUZZ_CASE") is { Length: > 0 } only)
        {
            first = long.Parse(only, CultureInfo.InvariantCulture);
            cases = first + 1;
        }

        long taken = 0;
        long refused = 0;
        long begun = Stopwatch.GetTimestamp();
        for (long number = first; number < cases; number++)
        {
            switch (RunCase(target, number, seed))
            {
                case true:
                    taken++;
                    break;
                case false:
                    refused++;
                    break;
            }
        }

        Figures.Report($"fuzz {target.Name}", ("cases", cases - first), ("taken", taken), ("refused", refused), ("seconds", (long)Stopwatch.GetElapsedTime(begun).TotalSeconds), ("seed", $"{seed}"));
        Assert.True(first > 0 || (taken > 0 && refused > 0), $"{target.Name}: {taken} cases were taken and {refused} refused; a reader that does only one of them is not tried.");
    }

    private static bool RunCase(FuzzTarget target, long number, int seed)
    {
        FuzzRandom random = new((ulong)seed, number);
        byte[] bytes = Mutation.Of(target.Samples, ref random);
        if (target.Repair is { } repair && !random.OneIn(3))
        {
            repair(bytes);
        }

        long begun = Stopwatch.GetTimestamp();
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool taken = false;
        try
        {
            taken = target.Read(bytes);
        }
        catch (Exception exception) when (target.Documented.Any(type => type.IsInstanceOfType(exception)))
        {
        }
        catch (Exception exception)
        {
            throw Failed(target, number, seed, bytes, $"threw {exception.GetType().Name}: {exception.Message}", exception);
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        if (allocated > target.MostAllocated)
        {
            throw Failed(target, number, seed, bytes, $"allocated {allocated:N0} bytes", null);
        }

        TimeSpan took = Stopwatch.GetElapsedTime(begun);
        return took < _longest ? taken : throw Failed(target, number, seed, bytes, $"took {took}", null);
    }

    private static Xunit.Sdk.XunitException Failed(FuzzTarget target, long number, int seed, byte[] bytes, string how, Exception? cause) =>
        new($"{target.Name}, case {number} of seed {seed}, {how}. Alone: S3JOURNAL_TESTS_SEED={seed} S3JOURNAL_TESTS_FUZZ_CASE={number}. Bytes: {Convert.ToHexStringLower(bytes.AsSpan(0, Math.Min(bytes.Length, 2000)))}", cause);
}
