namespace Sink.Core.Compressing;

/// <summary>What liblzma answers (<c>lzma_ret</c>), as far as it is asked for.</summary>
internal enum XzStatus
{
    Ok = 0,
    StreamEnd = 1,
    UnsupportedCheck = 3,
    NoMemory = 5,
    MemoryLimit = 6,
    WrongFormat = 7,
    UnknownOptions = 8,
    Damaged = 9,

    /// <summary>It can neither take nor give: not an error while there is more to come.</summary>
    NoProgress = 10,
    WrongUse = 11,
}
