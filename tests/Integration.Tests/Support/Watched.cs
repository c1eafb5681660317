namespace Integration.Tests.Support;

/// <summary>A growing list that can be waited for.</summary>
internal sealed class Watched<T>
{
    private readonly Lock _lock = new();

    // Owned by _lock.
    private readonly List<T> _items = [];
    private readonly List<(Func<IReadOnlyList<T>, bool> Condition, TaskCompletionSource Met)> _waiters = [];

    public T[] Items
    {
        get
        {
            lock (_lock)
            {
                return [.. _items];
            }
        }
    }

    public void Add(T item)
    {
        lock (_lock)
        {
            _items.Add(item);
            foreach ((Func<IReadOnlyList<T>, bool> condition, TaskCompletionSource met) in _waiters)
            {
                if (condition(_items))
                {
                    met.TrySetResult();
                }
            }
        }
    }

    /// <summary>Ends when the condition holds; fails after <see cref="Limit.Time"/>.</summary>
    public async Task WaitAsync(Func<IReadOnlyList<T>, bool> condition)
    {
        TaskCompletionSource met = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (condition(_items))
            {
                return;
            }

            _waiters.Add((condition, met));
        }

        await met.Task.WaitAsync(Limit.Time);
    }

    public Task WaitForOneAsync() => WaitAsync(items => items.Count > 0);
}
