namespace Sink.Core;

/// <summary>Options of the streams whose names match: an element of <see cref="JournalOptions.Streams"/>.</summary>
public sealed class StreamRule : StreamOptions
{
    /// <summary>
    /// The names it is for, in the letters' own case. <c>*</c> stands for any characters but '/', none too, and <c>**</c> for any at all: <c>orders/*</c> is for
    /// <c>orders/api</c>, <c>orders/**</c> for <c>orders/api/v2</c> too. Required.
    /// </summary>
    public string? Match { get; set; }

    internal StreamRule Copy() => (StreamRule)MemberwiseClone();
}
