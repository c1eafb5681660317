namespace Sink.Core.Delivery;

/// <summary>Who waits until every object below an ordinal is delivered, dropped or parked. Not safe for concurrent use: the backlog's lock guards it.</summary>
internal sealed class BacklogWaiters
{
    private readonly List<(long Below, TaskCompletionSource<int> Done)> _waiting = [];
    private Exception? _ended;

    public bool IsEmpty => _waiting.Count == 0;

    /// <summary>Completes with the number of parked objects below the ordinal.</summary>
    public Task<int> Add(long below)
    {
        TaskCompletionSource<int> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_ended is null)
        {
            _waiting.Add((below, done));
        }
        else
        {
            done.SetException(_ended);
        }

        return done.Task;
    }

    /// <summary>Every object below <paramref name="ordinal"/> is settled or parked; so many are parked.</summary>
    public void Complete(long ordinal, int parked)
    {
        for (int i = _waiting.Count - 1; i >= 0; i--)
        {
            if (_waiting[i].Below <= ordinal)
            {
                _waiting[i].Done.TrySetResult(parked);
                _waiting.RemoveAt(i);
            }
        }
    }

    public void End(Exception cause)
    {
        _ended ??= cause;
        foreach ((long _, TaskCompletionSource<int> done) in _waiting)
        {
            done.TrySetException(cause);
        }

        _waiting.Clear();
    }
}
