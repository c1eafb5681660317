namespace Sink.Core.Log;

/// <summary>What the packer is doing. The numbers are in files.</summary>
internal enum PackingPhase : byte
{
    /// <summary>It waits for work.</summary>
    Idle = 0,

    /// <summary>It reads the log and fills objects.</summary>
    Packing = 1,

    /// <summary>It finishes objects and their sidecars; no checkpoint knows of them.</summary>
    Sealing = 2,

    /// <summary>It writes a checkpoint and does what follows from it.</summary>
    Checkpoint = 3,
}
