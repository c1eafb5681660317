namespace Sink.Core.Tests.Fakes;

/// <summary>
/// Random, the same for the same seed and history. Each loss leans to keeping or to losing by a share of its own, since
/// with long histories a fair coin would never come near to all or nothing.
/// </summary>
internal sealed class SeededPowerLoss : PowerLossChoice
{
    private readonly Random _random;
    private readonly double _keptShare;

    public SeededPowerLoss(ulong seed)
    {
        _random = new Random(unchecked((int)(seed ^ (seed >> 32))));
        double[] shares = [0.05, 0.3, 0.5, 0.5, 0.7, 0.95];
        _keptShare = shares[_random.Next(shares.Length)];
    }

    public override WriteFate OfWrite(string path, long offset, int length)
    {
        if (Keeps())
        {
            return WriteFate.Kept;
        }

        return _random.Next(3) switch
        {
            0 => WriteFate.Torn,
            1 => WriteFate.LostWithLength,
            _ => WriteFate.Lost,
        };
    }

    public override int OfTear(string path, int boundaries) => 1 + _random.Next(boundaries);

    public override bool KeepsTruncate(string path, long length) => Keeps();

    public override bool KeepsPage(string path, long offset) => Keeps();

    public override int OfName(string path, int bindings) => Keeps() ? bindings - 1 : _random.Next(bindings);

    private bool Keeps() => _random.NextDouble() < _keptShare;
}
