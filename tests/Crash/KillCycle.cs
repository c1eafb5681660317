using System.Diagnostics;
using Sink.Core.Log;

namespace Crash;

/// <summary>
/// One process from its start to its kill. The count of acknowledgements decides from when on it may be killed; at half of the
/// kills the ring is then looked at until the process is in the phase that is aimed for. What counts is what the ring says when it is dead.
/// </summary>
internal sealed class KillCycle
{
    /// <summary>A phase that does not come within this, does not come in this life.</summary>
    private static readonly TimeSpan _longestLook = TimeSpan.FromMilliseconds(150);

    /// <summary>Recovery comes in each life, as late as a busy machine makes it.</summary>
    private static readonly TimeSpan _longestStart = TimeSpan.FromSeconds(30);

    private readonly string _program;
    private readonly RunPlace _place;
    private readonly int _seed;
    private readonly int _life;
    private readonly Random _random;
    private readonly KillPhase _aim;

    /// <param name="program">The path of this program's assembly.</param>
    /// <param name="place">Where it logs.</param>
    /// <param name="seed">With the life, what it writes and when it may be killed.</param>
    /// <param name="life">Its number.</param>
    /// <param name="rarest">The phase that half of the kills aim for.</param>
    public KillCycle(string program, RunPlace place, int seed, int life, KillPhase rarest)
    {
        _program = program;
        _place = place;
        _seed = seed;
        _life = life;
        _random = new Random(~Shape.HashOf(seed, life));
        _aim = _random.Next(2) == 0 ? KillPhase.None : rarest;
    }

    public async Task<KillPhase> RunAsync(Ledger ledger)
    {
        // The header as the dead one before left it: whatever is found in it is news only when it has changed.
        using RingView? before = RingView.Open(_place.Ring);
        (Run Run, LanePhase Phase)? left = before?.Read();
        using ChildProcess child = ChildProcess.Start(_program, _place, _seed, _life, ledger);
        bool lives = _aim == KillPhase.Recovery && before is not null
            ? await child.ReadUntilAsync(static child => child.IsOpening) && WaitForRecovery(before, left)
            : await child.ReadUntilAsync(MayBeKilled()) && WaitForAim();
        await child.KillAsync();
        if (!lives)
        {
            ledger.Break($"life {_life} ended by itself");
        }

        if (child.Lane is > 0)
        {
            ledger.Break($"life {_life} took lane {child.Lane}, though nobody held the first");
        }

        using RingView? after = RingView.Open(_place.Ring);
        return Met(left, after?.Read(), child.Lane is not null);
    }

    /// <summary>A few lives end before the journal is open, and some as soon as it is.</summary>
    private Func<ChildProcess, bool> MayBeKilled()
    {
        // A calm process takes its time for a few hundred; all live about a tenth of a second.
        int most = 4000 / (Shape.Of(_seed, _life, isHeld: false).MostPauseInMs + 2);
        int count = _random.Next(10) == 0 ? 0 : _random.Next(1, most);
        bool early = _aim == KillPhase.None && _random.Next(20) == 0;
        return child => early ? child.IsOpening : child.Lane is not null && child.Acknowledged >= count;
    }

    /// <summary>Looks until recovery has begun, and then for a while of its length, so that kills spread over all of it.</summary>
    private bool WaitForRecovery(RingView before, (Run Run, LanePhase Phase)? left)
    {
        Look(before, now => now != left, _longestStart);
        long spread = _random.Next(20_000);
        long begun = Stopwatch.GetTimestamp();
        Look(before, now => now is not { Phase.Openings: > 0 } || Stopwatch.GetElapsedTime(begun).TotalMicroseconds > spread, _longestLook);
        return true;
    }

    private bool WaitForAim()
    {
        if (_aim is not KillPhase.None and not KillPhase.Recovery && RingView.Open(_place.Ring) is { } ring)
        {
            using (ring)
            {
                Look(ring, now => now is { Phase: var phase } && Of(phase).HasFlag(_aim), _longestLook);
            }
        }

        return true;
    }

    private static void Look(RingView ring, Func<(Run Run, LanePhase Phase)?, bool> isSeen, TimeSpan longest)
    {
        long begun = Stopwatch.GetTimestamp();
        while (!isSeen(ring.Read()) && Stopwatch.GetElapsedTime(begun) < longest)
        {
            Thread.Yield();
        }
    }

    private static KillPhase Met((Run Run, LanePhase Phase)? left, (Run Run, LanePhase Phase)? found, bool wasOpened)
    {
        if (found is not { } after)
        {
            // No ring, or one without a header: an opening that had not come so far, or was at it.
            return KillPhase.Recovery;
        }

        return !wasOpened && left is { } before && before.Run == after.Run && before.Phase == after.Phase ? KillPhase.Start : Of(after.Phase);
    }

    private static KillPhase Of(LanePhase phase)
    {
        if (phase.Openings > 0)
        {
            return KillPhase.Recovery;
        }

        KillPhase of = phase.IsCommitting ? KillPhase.Commit : KillPhase.None;
        of |= phase.Uploads > 0 ? KillPhase.Upload : KillPhase.None;
        of |= phase.Packing switch
        {
            PackingPhase.Packing => KillPhase.Pack,
            PackingPhase.Sealing => KillPhase.Seal,
            PackingPhase.Checkpoint => KillPhase.Checkpoint,
            _ => KillPhase.None,
        };
        return of == KillPhase.None ? KillPhase.Idle : of;
    }
}
