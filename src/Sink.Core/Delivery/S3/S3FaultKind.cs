namespace Sink.Core.Delivery.S3;

/// <summary>What an answer, or the lack of one, means for the object and for those behind it.</summary>
internal enum S3FaultKind
{
    /// <summary>The store is away, busy, or takes nothing from us; the same request may pass later.</summary>
    Unavailable,

    /// <summary>As <see cref="Unavailable"/>, and the credentials are to blame: others may be there by now.</summary>
    Credentials,

    /// <summary>We may not do this; others of our requests may pass.</summary>
    Forbidden,

    /// <summary>The key is taken.</summary>
    AlreadyThere,

    /// <summary>There is no object of that key.</summary>
    NotThere,

    /// <summary>The multipart upload is gone: completed, by a request whose answer was lost, or aborted.</summary>
    NoUpload,

    /// <summary>The store does not know conditional puts.</summary>
    NoConditions,

    /// <summary>The bytes that arrived are not those that were sealed.</summary>
    OtherBytes,

    /// <summary>This object will not be taken.</summary>
    Rejected,
}
