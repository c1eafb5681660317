using System.IO.Compression;

namespace Sink.Core.Compressing;

/// <summary>The bytes of a stream, then one gzip member whose text is <see cref="Text"/>.</summary>
internal sealed class GzipClosingStream : ForwardStream
{
    // Compressed: a stored member would hold its text as plain bytes, which a cut stored block could give out.
    private static readonly byte[] Member = MakeMember();

    private readonly Stream _input;
    private int _given;

    public GzipClosingStream(Stream input)
    {
        _input = input;
    }

    public static ReadOnlySpan<byte> Text => "whole to the end"u8;

    /// <summary>Whether the input has ended and reading went on to the closing member.</summary>
    public bool HandedOver { get; private set; }

    public override int Read(Span<byte> buffer)
    {
        int count = HandedOver || buffer.IsEmpty ? 0 : _input.Read(buffer);
        return count > 0 || buffer.IsEmpty ? count : ReadMember(buffer);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count = HandedOver || buffer.IsEmpty ? 0 : await _input.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        return count > 0 || buffer.IsEmpty ? count : ReadMember(buffer.Span);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _input.Dispose();
        }

        base.Dispose(disposing);
    }

    private int ReadMember(Span<byte> buffer)
    {
        HandedOver = true;
        int count = Math.Min(buffer.Length, Member.Length - _given);
        Member.AsSpan(_given, count).CopyTo(buffer);
        _given += count;
        return count;
    }

    private static byte[] MakeMember()
    {
        MemoryStream bytes = new();
        using (GZipStream member = new(bytes, CompressionLevel.Optimal))
        {
            member.Write(Text);
        }

        return bytes.ToArray();
    }
}
