namespace Sink.Core.Delivery.S3;

/// <summary>How a put, or an upload in parts, ended.</summary>
/// <param name="Fault">Why it is not stored; of no meaning when it is.</param>
/// <param name="Cause">What the client threw, when it threw.</param>
internal readonly record struct S3PutEnd(S3Fault Fault, Exception? Cause = null)
{
    public static readonly S3PutEnd Stored = new() { IsStored = true };

    public bool IsStored { get; private init; }
}
