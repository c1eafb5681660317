using System.Buffers;
using Amazon.S3.Model;

namespace Sink.Core.Delivery.S3;

/// <summary>An object's bytes as they arrive. Each read has a time-out: a connection that has gone quiet must not hold a reader for ever.</summary>
internal sealed class S3ReadStream : ForwardStream
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
    public override int Read(Span<byte> buffer)
    {
        byte[] bytes = ArrayPool<byte>.Shared.Rent(buffer.Length);
        try
        {
            int count = ReadAsync(bytes.AsMemory(0, buffer.Length)).AsTask().GetAwaiter().GetResult();
            bytes.AsSpan(0, count).CopyTo(buffer);
            return count;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _answer.Dispose();
        }

        base.Dispose(disposing);
    }
}
