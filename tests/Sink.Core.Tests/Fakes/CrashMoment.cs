namespace Sink.Core.Tests.Fakes;

/// <summary>How much of the call at which the machine stops has happened.</summary>
internal enum CrashMoment
{
    Before,

    /// <summary>A write has put a part of its pages into the page cache; any other call has done nothing.</summary>
    During,

    After,
}
