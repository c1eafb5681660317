namespace Sink.Core;

/// <summary>
/// A store's answer that we may not look at objects, though it knows us: it may still take them. Nothing else may be said by it: after
/// <see cref="PutOutcome.AlreadyThere"/> the journal takes the object for its own by its key, which is reported once.
/// </summary>
public sealed class StoreAccessException : UnauthorizedAccessException
{
    /// <param name="message">What is not allowed, and what to do.</param>
    /// <param name="cause">The client's exception; null when there is none.</param>
    public StoreAccessException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}
