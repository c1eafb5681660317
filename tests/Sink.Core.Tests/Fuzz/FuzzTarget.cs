namespace Sink.Core.Tests.Fuzz;

/// <summary>A reader of bytes that anybody may have written.</summary>
/// <param name="Name">Of the test.</param>
/// <param name="Weight">Its share of the cases, in thousandths.</param>
/// <param name="Samples">Valid bytes, which the reader takes.</param>
/// <param name="Read">Reads, throws what the reader documents or nothing, and asserts what holds of whatever was taken. True when it was taken.</param>
internal sealed record FuzzTarget(string Name, int Weight, byte[][] Samples, Func<byte[], bool> Read)
{
    /// <summary>What the reader may throw.</summary>
    public Type[] Documented { get; init; } = [];

    /// <summary>Makes checksums right again, so that what stands behind them is reached.</summary>
    public Action<byte[]>? Repair { get; init; }

    /// <summary>Bytes that reading one case may allocate.</summary>
    public long MostAllocated { get; init; } = 256 << 10;

    public override string ToString() => Name;
}
