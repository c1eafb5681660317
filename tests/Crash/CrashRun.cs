using System.Diagnostics;
using Sink.Core;
using Sink.Core.Log;

namespace Crash;

/// <summary>Kills one process after the other on one directory, and looks for every entry whose append had returned.</summary>
internal sealed class CrashRun
{
    private const int Broken = 1;
    private const int ProvesTooLittle = 3;

    /// <summary>So often everything is delivered, checked and forgotten: neither the bucket nor the ledger grows with the length of a run.</summary>
    private const int CyclesToSettle = 100;

    private static readonly TimeSpan _longestLife = TimeSpan.FromMinutes(2);

    private readonly Arguments _arguments;
    private readonly RunPlace _place;
    private readonly Bucket _bucket;
    private readonly Ledger _ledger = new();
    private readonly OrdinalChain _chain = new();
    private readonly KillCounts _kills = new();
    private readonly long _begun = Stopwatch.GetTimestamp();

    private CrashRun(Arguments arguments)
    {
        _arguments = arguments;
        _place = RunPlace.CreateIn(arguments.Directory);
        _bucket = new Bucket(_place);
    }

    public static Task<int> RunAsync(Arguments arguments) => new CrashRun(arguments).RunAsync();

    private async Task<int> RunAsync()
    {
        Console.WriteLine($"kill -9: {_arguments.Cycles:N0} kills, seed {_arguments.Seed}, in {_place.Root}");
        int life = 0;
        while (_ledger.IsRight && (life < _arguments.Cycles || (life < 2 * _arguments.Cycles && !_kills.MetEachPhase)))
        {
            // A busy machine runs away from the phase that is aimed for: then it takes some kills more.
            life++;
            KillCycle cycle = new(typeof(CrashRun).Assembly.Location, _place, _arguments.Seed, life, _kills.Rarest);
            KillPhase met = await cycle.RunAsync(_ledger).WaitAsync(_longestLife);
            await ReadBucketAsync();
            _kills.Add(met, _ledger.Undelivered);
            if (life % CyclesToSettle == 0)
            {
                await SettleAsync(life);
            }
        }

        if (_ledger.IsRight)
        {
            await SettleAsync(life);
        }

        return Report();
    }

    private async Task ReadBucketAsync()
    {
        foreach (DeliveredObject delivered in await _bucket.ReadNewAsync())
        {
            _ledger.Add(delivered);
            _chain.Add(delivered, _ledger.Break);
        }
    }

    /// <summary>Opens what the last one left, delivers it, closes, and holds what was found against what was acknowledged.</summary>
    private async Task SettleAsync(int life)
    {
        JournalOptions options = _place.Options(failure => _ledger.Break($"the settling journal reports: {failure}"));
        await using (Journal journal = Journal.Open(options))
        {
            await journal.FlushAsync().WaitAsync(_longestLife);
        }

        await ReadBucketAsync();
        _ledger.Settle(life);
        _chain.Settle(_ledger.Break);
        CheckNothingIsLeft();
        if (_ledger.IsRight)
        {
            _bucket.Empty();
        }

        Console.WriteLine($"{life,8:N0} kills, {_ledger.Acknowledged:N0} entries, {Stopwatch.GetElapsedTime(_begun).TotalSeconds:N0} s");
    }

    /// <summary>Of a closed lane with nothing to deliver stay the ring, the checkpoint, the identity and the lock.</summary>
    private void CheckNothingIsLeft()
    {
        string[] expected = ["checkpoint.1", "checkpoint.2", "identity", "lock", "owner", "ring"];
        string[] left = [.. Directory.EnumerateFiles(Path.Combine(_place.Journal, "0")).Select(static path => Path.GetFileName(path)).Except(expected)];
        if (left.Length > 0)
        {
            _ledger.Break($"the closed lane still has {string.Join(", ", left)}");
        }

        using RingView? ring = RingView.Open(_place.Ring);
        if (ring?.Read()?.Phase != default(LanePhase))
        {
            _ledger.Break($"the ring of the closed lane says {ring?.Read()?.Phase}");
        }
    }

    private int Report()
    {
        string byPhase = string.Join(", ", _kills.ByPhase.Select(static hit => $"{hit.Phase.ToString().ToLowerInvariant()} {hit.Kills:N0}"));
        Console.WriteLine();
        foreach ((KillPhase phase, int kills) in _kills.ByPhase)
        {
            Console.WriteLine($"{phase.ToString().ToLowerInvariant(),-14} {kills,10:N0} kills");
        }

        Console.WriteLine("(one kill may meet several threads at work)");
        Console.WriteLine();
        Row("kills", _kills.Kills);
        Row("met undelivered", _kills.MetUndelivered);
        Row("entries", _ledger.Acknowledged);
        Row("found", _ledger.Found);
        Row("lost", _ledger.Lost);
        Row("doubled", _ledger.Doubled);
        Row("out of order", _ledger.OutOfOrder);
        Row("invented", _ledger.Invented);
        Console.WriteLine($"figures\tkills\t{_kills.Kills}\tby phase\t{byPhase}\tmet undelivered\t{_kills.MetUndelivered}\tentries\t{_ledger.Acknowledged}\tlost\t{_ledger.Lost}\tdoubled\t{_ledger.Doubled}");

        if (!_ledger.IsRight)
        {
            Console.WriteLine($"BROKEN, with seed {_arguments.Seed}. Everything is kept in {_place.Root}.");
            foreach (string fault in _ledger.Faults)
            {
                Console.WriteLine($"  {fault}");
            }

            return Broken;
        }

        Directory.Delete(_place.Root, recursive: true);
        string[] gaps = [.. _kills.Gaps()];
        foreach (string gap in gaps)
        {
            Console.WriteLine($"PROVES TOO LITTLE: {gap}");
        }

        return gaps.Length > 0 ? ProvesTooLittle : 0;
    }

    private static void Row(string name, long value) => Console.WriteLine($"{name,-14} {value,10:N0}");
}
