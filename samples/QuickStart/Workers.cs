namespace QuickStart;

/// <summary>Threads that begin together.</summary>
internal static class Workers
{
    /// <summary>Returns when all have ended.</summary>
    public static void Run(int count, Action<int> work)
    {
        using Barrier start = new(count);
        Thread[] threads = [.. Enumerable.Range(0, count).Select(number => new Thread(() =>
        {
            start.SignalAndWait();
            work(number);
        }))];
        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }
    }
}
