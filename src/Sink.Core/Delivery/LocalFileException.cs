namespace Sink.Core.Delivery;

/// <summary>A file of a sealed object could not be read: our own disk's fault, and not the store's.</summary>
internal sealed class LocalFileException(Exception cause) : Exception(cause.Message, cause);
