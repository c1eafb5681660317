namespace Sink.Core.Log;

/// <summary>Whether a stream takes entries. The append lock guards it, so that no entry is accepted behind the position at which its stream was closed.</summary>
internal sealed class AppendGate
{
    public bool IsClosed { get; set; }
}
