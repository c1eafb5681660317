namespace QuickStart.Traffic;

internal sealed class PaymentException : Exception
{
    public PaymentException(string message, int? declineCode, Exception cause)
        : base(message, cause) => DeclineCode = declineCode;

    /// <summary>Null when the bank gave none.</summary>
    public int? DeclineCode { get; }
}
