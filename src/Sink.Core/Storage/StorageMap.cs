namespace Sink.Core.Storage;

/// <summary>A file mapped into memory, shared: stores survive the process. Unmapped by dispose, without a sync.</summary>
internal abstract unsafe class StorageMap : IDisposable
{
    public abstract byte* Address { get; }

    public abstract long Length { get; }

    public abstract void Dispose();
}
