namespace Sink.Core.Tests.Fakes;

/// <summary>What a name can mean: a file or a directory of the volume.</summary>
internal abstract class Node
{
    /// <summary>Adds all that it is now and may turn out to be after a power loss.</summary>
    public abstract void AddTo(FingerprintOfDoubt fingerprint);
}
