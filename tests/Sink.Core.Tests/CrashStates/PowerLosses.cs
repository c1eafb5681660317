using Sink.Core.Tests.Fakes;

namespace Sink.Core.Tests.CrashStates;

/// <summary>
/// The outcomes of a power loss at one point: all of them where there are at most <see cref="Most"/>; else all kept, all
/// lost, from each of these every single and every pair of answers that differ, and seeded ones.
/// </summary>
internal sealed class PowerLosses
{
    public const int Most = 4096;

    private const int Seeded = 256;

    private readonly MemoryDisk _point;
    private readonly ulong _seed;

    /// <param name="point">The disk at the moment of the crash.</param>
    /// <param name="seed">Of the seeded ones.</param>
    public PowerLosses(MemoryDisk point, ulong seed)
    {
        _point = point;
        _seed = seed;
        EnumeratedPowerLoss asked = new(leansToKept: true, []);
        point.Clone().PowerLoss(asked);
        Possible = asked.Answers.Aggregate(1.0, static (product, answers) => product * answers);
        IsFull = Possible <= Most;
    }

    /// <summary>How many outcomes there are; where a lost name makes questions go away, or brings some, about as many.</summary>
    public double Possible { get; }

    /// <summary>Whether all are met.</summary>
    public bool IsFull { get; }

    /// <summary>Disks without power, and how each came about.</summary>
    public IEnumerable<(MemoryDisk Disk, Outcome Outcome)> Walk() => IsFull ? All() : Some();

    // A name that is lost asks nothing of what was inside, so the next outcome is known only when one is done: it moves
    // the last digit that can move.
    private IEnumerable<(MemoryDisk, Outcome)> All()
    {
        for (int[]? digits = []; digits is not null;)
        {
            EnumeratedPowerLoss choice = new(leansToKept: true, digits);
            MemoryDisk disk = Lose(choice);
            yield return (disk, new Outcome(true, digits));
            digits = Next(digits, choice.Answers);
        }
    }

    private IEnumerable<(MemoryDisk, Outcome)> Some()
    {
        IEnumerable<Outcome> seeded = Enumerable.Range(0, Seeded).Select(i => new Outcome(true, [], (_seed * Seeded) + (ulong)i));
        foreach (Outcome outcome in (IEnumerable<Outcome>)[.. Near(true, [], 2), .. Near(false, [], 2), .. seeded])
        {
            yield return (Lose(outcome.Choice()), outcome);
        }
    }

    /// <summary>A state, and those that differ from it in up to so many later answers.</summary>
    private IEnumerable<Outcome> Near(bool leansToKept, int[] digits, int deviations)
    {
        yield return new Outcome(leansToKept, digits);
        if (deviations == 0)
        {
            yield break;
        }

        EnumeratedPowerLoss asked = new(leansToKept, digits);
        Lose(asked);
        for (int question = digits.Length; question < asked.Answers.Count; question++)
        {
            for (int answer = 1; answer < asked.Answers[question]; answer++)
            {
                foreach (Outcome outcome in Near(leansToKept, With(digits, question, answer), deviations - 1))
                {
                    yield return outcome;
                }
            }
        }
    }

    private static int[]? Next(int[] digits, IReadOnlyList<int> answers)
    {
        for (int question = answers.Count - 1; question >= 0; question--)
        {
            int digit = question < digits.Length ? digits[question] : 0;
            if (digit + 1 < answers[question])
            {
                return With(digits, question, digit + 1);
            }
        }

        return null;
    }

    private static int[] With(int[] digits, int question, int answer)
    {
        int[] next = new int[question + 1];
        digits.AsSpan(0, Math.Min(digits.Length, question)).CopyTo(next);
        next[question] = answer;
        return next;
    }

    private MemoryDisk Lose(PowerLossChoice choice)
    {
        MemoryDisk disk = _point.Clone();
        disk.PowerLoss(choice);
        return disk;
    }
}
