namespace Sink.Core;

/// <summary>The journal could not do what was asked; the message says what was wrong and what to do.</summary>
public sealed class JournalException : Exception
{
    /// <summary>Makes the exception.</summary>
    public JournalException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with its cause.</summary>
    public JournalException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Whether a setting is wrong, so that trying again cannot help; false when the environment is at fault (directory not writable, disk full). Default false.</summary>
    public bool IsConfiguration { get; init; }
}
