namespace Sink.Core.Tests.Model;

internal enum StepKind
{
    Append,
    Commit,
    Pack,
    Checkpoint,
    Seal,
    Deliver,
    PassTime,
    GiveUpOldest,

    /// <summary>The last checkpoint, when there is nothing left to do.</summary>
    Close,

    /// <summary>An orderly end, and perhaps other options from there on.</summary>
    Reopen,

    /// <summary>A kill or a power loss.</summary>
    Die,
}
