namespace Crash;

/// <summary>What a process was doing when it was killed. Several threads work at once, so it may be several.</summary>
[Flags]
internal enum KillPhase
{
    None = 0,

    /// <summary>The runtime was starting; the journal's files were as the process before had left them.</summary>
    Start = 1,
    Recovery = 2,
    Commit = 4,
    Pack = 8,
    Seal = 16,
    Checkpoint = 32,
    Upload = 64,

    /// <summary>The journal waited for entries, or for their time.</summary>
    Idle = 128,
}
