using S3Journal.Proofs;
using Sink.Core.Storage;
using Sink.Core.Tests.Fakes;
using Sink.Core.Tests.Model;

namespace Sink.Core.Tests.Corruption;

/// <summary>Damages one file at every byte: flips a bit of it, and cuts the file there.</summary>
internal sealed class DamageSweep(DamagedWorld world, string what)
{
    private readonly List<string> _broken = [];
    private long _flips;
    private long _cuts;
    private long _bytes;
    private long _withLoss;

    /// <summary>Which entries a damage may take.</summary>
    public required Func<long, bool, Func<ModelEntry, bool>> MayTake { get; init; }

    /// <summary>What else must hold of an outcome; null when it does.</summary>
    public Func<DamageOutcome, string?> Judge { get; init; } = static _ => null;

    /// <summary>A loss must be reported, and the file set aside under a name that says what it was and when.</summary>
    public Func<ModelEntry, bool> MustBeTold { get; init; } = static _ => true;

    /// <summary>Done to the disk as well.</summary>
    public Action<MemoryDisk> Before { get; init; } = static _ => { };

    /// <summary>Sweeps a range of the file; a small one with every bit of each byte.</summary>
    public DamageSweep Over(string name, long from, long to, bool everyBit = false, int step = 1)
    {
        _bytes += (to - from) / step;
        for (long offset = from; offset < to; offset += step)
        {
            long at = offset;
            for (int bit = everyBit ? 0 : (int)(offset % 8); bit < (everyBit ? 8 : (offset % 8) + 1); bit++)
            {
                int flipped = bit;
                _flips++;
                Check(name, $"bit {bit} at {offset}", disk => DamagedWorld.Flip(disk, name, at, flipped), MayTake(offset, false));
            }

            _cuts++;
            Check(name, $"cut to {offset}", disk => DamagedWorld.Cut(disk, name, at), MayTake(offset, true));
        }

        return this;
    }

    public void Report()
    {
        Figures.Report($"corruption of {what}", ("bytes", _bytes), ("flips", _flips), ("cuts", _cuts), ("states", _flips + _cuts), ("with a loss", _withLoss));
        Assert.True(_broken.Count == 0, $"{_broken.Count} of {_flips + _cuts}: {string.Join('\n', _broken.Take(12))}");
    }

    private void Check(string name, string where, Action<MemoryDisk> damage, Func<ModelEntry, bool> mayTake)
    {
        try
        {
            DamageOutcome outcome = world.Try(disk =>
            {
                Before(disk);
                damage(disk);
            });
            _withLoss += outcome.Missing.Count > 0 ? 1 : 0;
            ModelEntry? wrong = outcome.Missing.FirstOrDefault(entry => !mayTake(entry));
            bool mustBeTold = outcome.Missing.Any(MustBeTold);
            string? fault = wrong is not null ? $"{wrong} is lost, which is outside the damage"
                : mustBeTold && !outcome.IsReported ? $"{outcome.Missing.Count} entries are lost and nothing says so"
                : mustBeTold && !outcome.SetAside.Any(aside => aside.StartsWith(name + ".", StringComparison.Ordinal) && Quarantine.TryParse(aside, out DateTimeOffset when) && when == JournalWorld.Birth) ? $"it is not set aside, but {string.Join(", ", outcome.SetAside)}"
                : Judge(outcome);
            if (fault is not null)
            {
                _broken.Add($"{name}, {where}: {fault}. Reported: {string.Join(" | ", outcome.Failures.Select(static failure => failure.Message))}");
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            _broken.Add($"{name}, {where}: {exception.GetType().Name}: {exception.Message} {exception.StackTrace?.Split('\n').Skip(1).FirstOrDefault(static line => line.Contains("Sink.Core", StringComparison.Ordinal))}");
        }
    }
}
