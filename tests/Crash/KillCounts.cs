namespace Crash;

/// <summary>The kills of a run, and what they met.</summary>
internal sealed class KillCounts
{
    /// <summary>Fewer kills in a phase prove nothing about it.</summary>
    public const int LeastInPhase = 10;

    private static readonly KillPhase[] _all = Enum.GetValues<KillPhase>()[1..];
    private static readonly KillPhase[] _required = [KillPhase.Commit, KillPhase.Checkpoint, KillPhase.Seal, KillPhase.Upload, KillPhase.Recovery, KillPhase.Idle];

    private readonly Dictionary<KillPhase, int> _hits = _all.ToDictionary(static phase => phase, static _ => 0);

    public int Kills { get; private set; }

    /// <summary>Kills at which acknowledged entries were not delivered yet: the others had nothing to lose.</summary>
    public int MetUndelivered { get; private set; }

    public long MostUndelivered { get; private set; }

    public IEnumerable<(KillPhase Phase, int Kills)> ByPhase => _all.Select(phase => (phase, _hits[phase]));

    /// <summary>The phase that has met the fewest kills of those that are asked for.</summary>
    public KillPhase Rarest => _required.MinBy(phase => _hits[phase]);

    public bool MetEachPhase => _hits[Rarest] >= LeastInPhase;

    public void Add(KillPhase met, long undelivered)
    {
        Kills++;
        MetUndelivered += undelivered > 0 ? 1 : 0;
        MostUndelivered = Math.Max(MostUndelivered, undelivered);
        foreach (KillPhase phase in _all.Where(phase => met.HasFlag(phase)))
        {
            _hits[phase]++;
        }
    }

    /// <summary>Why the run proves too little; nothing when it proves enough.</summary>
    public IEnumerable<string> Gaps()
    {
        foreach (KillPhase phase in _required.Where(phase => _hits[phase] < LeastInPhase))
        {
            yield return $"only {_hits[phase]} kills met the phase {phase}, and it takes {LeastInPhase}";
        }

        if (MetUndelivered * 10L < Kills * 9L)
        {
            yield return $"only {MetUndelivered} of {Kills} kills met undelivered entries, and it takes nine tenths";
        }
    }
}
