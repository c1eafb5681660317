using Amazon.S3.Model;

namespace Sink.Core.Delivery.S3;

/// <summary>An object's bytes as they arrive. Each read has a time-out: a connection that has gone quiet must not hold a reader for ever.</summary>
internal sealed class S3ReadStream : Stream
{
    private readonly GetObjectResponse _answer;
    private readonly TimeSpan _timeout;
    private readonly string _location;

    public S3ReadStream(GetObjectResponse answer, TimeSpan timeout, string location)
    {
        _answer = answer;
        _timeout = timeout;
        _location = location;
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_timeout);
        try
        {
            return await _answer.ResponseStream.ReadAsync(buffer, limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is OperationCanceledException or HttpRequestException)
        {
            throw new IOException($"{_location} stopped sending {_answer.Key}: {e.Message}", e);
        }
    }

    // HttpClient's own streams have no time-out for synchronous reads; waiting for the asynchronous one has.
    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _answer.Dispose();
        }

        base.Dispose(disposing);
    }
}
