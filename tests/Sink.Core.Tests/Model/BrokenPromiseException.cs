namespace Sink.Core.Tests.Model;

/// <summary>What the journal did is not what it promises.</summary>
internal sealed class BrokenPromiseException(string message, Exception? cause = null) : Exception(message, cause)
{
    public static void Unless(bool holds, string message)
    {
        if (!holds)
        {
            throw new BrokenPromiseException(message);
        }
    }
}
