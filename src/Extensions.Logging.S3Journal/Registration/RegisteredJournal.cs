namespace Microsoft.Extensions.Logging.S3Journal.Registration;

/// <summary>Says that a journal of that name was registered; empty for the one without a name.</summary>
internal sealed record RegisteredJournal(string Name);
