using Sink.Core.Log;

namespace Sink.Core.Tests.Fuzz;

/// <summary>A log in an array.</summary>
internal sealed class BytesSource(byte[] bytes, uint seed) : LogSource
{
    public const long First = 8;

    public override uint Seed => seed;

    public override long Start => First;

    public override long End => First + bytes.Length;

    public override int Read(long position, Span<byte> buffer)
    {
        int offset = (int)(position - First);
        int count = Math.Min(buffer.Length, bytes.Length - offset);
        bytes.AsSpan(offset, count).CopyTo(buffer);
        return count;
    }

    public override void Dispose()
    {
    }
}
