namespace Sink.Core.Diagnostics;

/// <summary>A callback for delivered objects, and whether it failed the last time. Called by the notifier's thread alone.</summary>
internal sealed class DeliveryListener(Action<DeliveredObject> callback)
{
    private bool _fails;

    public Action<DeliveredObject> Callback => callback;

    /// <summary>The failure to report, when it is news.</summary>
    public JournalFailure? Call(DeliveredObject delivered)
    {
        try
        {
            callback(delivered);
            _fails = false;
            return null;
        }
        catch (Exception exception)
        {
            // The object is in the store, and its files are gone: whatever the callback does, that stays so.
            bool isNews = !_fails;
            _fails = true;
            return isNews
                ? new JournalFailure(JournalFailureKind.Temporary, $"A callback of OnObjectDelivered threw {exception.GetType().Name} for {delivered.Key}: {exception.Message} The object is delivered all the same. Further throws are not reported until it succeeds.", 0, exception)
                : null;
        }
    }
}
