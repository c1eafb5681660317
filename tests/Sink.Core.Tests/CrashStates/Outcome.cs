using Sink.Core.Tests.Fakes;

namespace Sink.Core.Tests.CrashStates;

/// <summary>One outcome of a power loss: which way it leans and the answers that do not.</summary>
internal readonly record struct Outcome(bool LeansToKept, IReadOnlyList<int> Digits, ulong? Seed = null)
{
    /// <summary>In words; the disk is the one of the moment of the crash.</summary>
    public string Describe(MemoryDisk point)
    {
        if (Seed is not null)
        {
            return $"power lost with seed {Seed}";
        }

        EnumeratedPowerLoss choice = new(LeansToKept, Digits);
        List<string> words = choice.Words;
        point.Clone().PowerLoss(choice);
        return $"power lost, all {(LeansToKept ? "kept" : "lost")}{(words.Count > 0 ? " but " + string.Join("; ", words) : "")}";
    }

    public PowerLossChoice Choice() => Seed is { } seed ? PowerLossChoice.Seeded(seed) : new EnumeratedPowerLoss(LeansToKept, Digits);
}
