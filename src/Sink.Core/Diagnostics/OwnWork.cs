namespace Sink.Core.Diagnostics;

/// <summary>
/// Marks the journal's own work. An append from it never waits: the ring it would wait for is emptied by the thread
/// that waits. One from the delivery flow (the store's client logs too) is not even stored: an idle program would
/// upload its own upload's log for ever.
/// </summary>
internal static class OwnWork
{
    [ThreadStatic]
    private static bool _ownThread;

    private static readonly AsyncLocal<bool> _delivery = new();

    public static bool IsOwnThread => _ownThread;

    public static bool IsDelivery => _delivery.Value;

    public static void MarkThread() => _ownThread = true;

    /// <summary>Marks the current flow, and whatever it starts.</summary>
    public static void MarkDelivery() => _delivery.Value = true;
}
