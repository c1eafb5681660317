namespace Sink.Core.Tests.CrashStates;

/// <summary>What a journal does, as far as its disk is concerned.</summary>
internal enum Operation
{
    Append,
    Commit,

    /// <summary>Appends and commits until a new segment has begun.</summary>
    Roll,
    Pack,
    Checkpoint,
    Seal,
    Deliver,
    DropOldest,

    /// <summary>Seals the stream that was opened first, and no other.</summary>
    CloseStream,

    /// <summary>The process dies, and another opens what it left.</summary>
    Recover,
}
