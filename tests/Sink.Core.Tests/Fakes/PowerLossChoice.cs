namespace Sink.Core.Tests.Fakes;

/// <summary>Decides what is left of everything that was not synced. A test with a scenario of its own derives from it.</summary>
internal abstract class PowerLossChoice
{
    public static PowerLossChoice AllKept { get; } = new Uniform(keeps: true);

    public static PowerLossChoice AllLost { get; } = new Uniform(keeps: false);

    public static PowerLossChoice Seeded(ulong seed) => new SeededPowerLoss(seed);

    /// <summary>What becomes of a write. The path is one of those that the file has afterwards.</summary>
    public abstract WriteFate OfWrite(string path, long offset, int length);

    /// <summary>How many of the sector boundaries inside a torn write are passed: at least 1; the part up to the last one passed is kept.</summary>
    public virtual int OfTear(string path, int boundaries) => 1;

    public abstract bool KeepsTruncate(string path, long length);

    public abstract bool KeepsPage(string path, long offset);

    /// <summary>Which of its states since the last sync a page of a map has: 0 is the synced one, then one for each time that the kernel may have written it.</summary>
    public virtual int OfPage(string path, long offset, int versions)
    {
        int last = 0;
        for (int version = 1; version <= versions; version++)
        {
            last = KeepsPage(path, offset) ? version : last;
        }

        return last;
    }

    /// <summary>Which of the things that a name has meant since the last sync it means now: 0 is the oldest, the synced one.</summary>
    public abstract int OfName(string path, int bindings);

    private sealed class Uniform(bool keeps) : PowerLossChoice
    {
        public override WriteFate OfWrite(string path, long offset, int length) => keeps ? WriteFate.Kept : WriteFate.Lost;

        public override bool KeepsTruncate(string path, long length) => keeps;

        public override bool KeepsPage(string path, long offset) => keeps;

        public override int OfName(string path, int bindings) => keeps ? bindings - 1 : 0;
    }
}
