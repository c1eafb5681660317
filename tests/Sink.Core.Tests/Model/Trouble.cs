namespace Sink.Core.Tests.Model;

/// <summary>What happens to a step on the way.</summary>
internal enum Trouble
{
    None,

    /// <summary>One call of it fails.</summary>
    FailOnce,

    /// <summary>Two calls of it fail: the second try, too, or the way back.</summary>
    FailTwice,

    /// <summary>The process or the machine dies at one of its calls.</summary>
    Crash,
}
