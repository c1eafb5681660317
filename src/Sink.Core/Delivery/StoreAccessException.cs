namespace Sink.Core.Delivery;

/// <summary>The store answered that we may not do this, with credentials that it knows: it may still take our objects.</summary>
internal sealed class StoreAccessException(string message, Exception cause) : UnauthorizedAccessException(message, cause);
