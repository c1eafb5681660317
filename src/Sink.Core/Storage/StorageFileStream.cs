namespace Sink.Core.Storage;

/// <summary>A file as a stream that is only read.</summary>
internal sealed class StorageFileStream : Stream
{
    private readonly StorageFile _file;
    private readonly long _length;
    private readonly bool _ownsFile;
    private long _position;

    /// <summary>Owns the file; as long as the file is now.</summary>
    public StorageFileStream(StorageFile file)
        : this(file, file.Length, ownsFile: true)
    {
    }

    /// <summary>The first <paramref name="length"/> bytes of the file, or those behind <see cref="Start"/>.</summary>
    public StorageFileStream(StorageFile file, long length, bool ownsFile)
    {
        _file = file;
        _length = length;
        _ownsFile = ownsFile;
    }

    /// <summary>Where in the file the stream begins.</summary>
    public long Start { get; init; }

    /// <summary>Why the file could not be read, when it could not: whoever reads may wrap it in an exception of its own.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Called after each read.</summary>
    public Action OnRead { get; set; } = static () => { };

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => _length;

    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = value;
        }
    }

    public override int Read(Span<byte> buffer)
    {
        int wanted = (int)Math.Clamp(_length - _position, 0, buffer.Length);
        try
        {
            int count = wanted == 0 ? 0 : _file.Read(Start + _position, buffer[..wanted]);
            _position += count;
            OnRead();
            return count;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Failure = exception;
            throw;
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    // The base class would start a thread-pool task around the same synchronous read.
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<int>(cancellationToken);
        }

        try
        {
            return ValueTask.FromResult(Read(buffer.Span));
        }
        catch (Exception e)
        {
            return ValueTask.FromException<int>(e);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin)
    {
        Position = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => _position + offset,
            _ => _length + offset,
        };
        return _position;
    }

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && _ownsFile)
        {
            _file.Dispose();
        }

        base.Dispose(disposing);
    }
}
