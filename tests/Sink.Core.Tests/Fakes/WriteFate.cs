namespace Sink.Core.Tests.Fakes;

/// <summary>What a power loss makes of a write that was not synced.</summary>
internal enum WriteFate
{
    Kept,

    /// <summary>Only the sectors before a point are written.</summary>
    Torn,

    /// <summary>The other way round: the page cache is written in any order.</summary>
    TornBefore,

    /// <summary>Nothing is written, but the file has grown: the new part reads as zeroes.</summary>
    LostWithLength,

    Lost,
}
