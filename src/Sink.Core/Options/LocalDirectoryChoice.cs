namespace Sink.Core.Options;

/// <summary>The directory that holds the journal, and why it was chosen.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="Source">What named it, for messages.</param>
/// <param name="IsTemporary">It does not outlive the machine, or some nightly clean-up: to be reported once.</param>
internal sealed record LocalDirectoryChoice(string Path, string Source, bool IsTemporary);
