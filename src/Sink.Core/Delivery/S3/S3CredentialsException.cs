namespace Sink.Core.Delivery.S3;

/// <summary>There are no keys to sign a request with. The message names the identity and what happened, never a secret.</summary>
internal sealed class S3CredentialsException : Exception
{
    public S3CredentialsException(string message, string cure, Exception? cause)
        : base(message, cause)
    {
        Cure = cure;
    }

    /// <summary>What to do, as a sentence.</summary>
    public string Cure { get; }
}
