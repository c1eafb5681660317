namespace Sink.Core.Log;

/// <summary>Bytes of the log by position, from a segment or a ring, as one run wrote them.</summary>
internal abstract class LogSource : IDisposable
{
    /// <summary>Seed of the run that wrote the frames.</summary>
    public abstract uint Seed { get; }

    /// <summary>First position the source may hold.</summary>
    public abstract long Start { get; }

    /// <summary>Position behind the last the source may hold.</summary>
    public abstract long End { get; }

    /// <summary>Fills <paramref name="buffer"/> from <paramref name="position"/> on; less only at the end, or where the next bytes lie elsewhere (a ring's wrap).</summary>
    public abstract int Read(long position, Span<byte> buffer);

    /// <summary>Looks again where the source ends; nothing at or above <paramref name="limit"/> is wanted.</summary>
    public virtual void Refresh(long limit)
    {
    }

    public abstract void Dispose();
}
