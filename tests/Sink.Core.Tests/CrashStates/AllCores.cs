using System.Runtime.ExceptionServices;

namespace Sink.Core.Tests.CrashStates;

/// <summary>
/// Work for minutes on every core, on threads of its own: on the pool's, which are as few, the other tests' continuations would wait for it.
/// </summary>
internal static class AllCores
{
    /// <summary>The first exception ends it, when the items under way are done, and is thrown.</summary>
    public static void ForEach<T>(IEnumerable<T> items, Action<T> action)
    {
        using IEnumerator<T> rest = items.GetEnumerator();
        Exception? first = null;
        Thread[] threads = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(Work))];
        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        if (first is not null)
        {
            ExceptionDispatchInfo.Throw(first);
        }

        void Work()
        {
            try
            {
                while (TryTake(out T? item))
                {
                    action(item);
                }
            }
            catch (Exception exception)
            {
                Interlocked.CompareExchange(ref first, exception, null);
            }
        }

        bool TryTake([System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out T item)
        {
            lock (rest)
            {
                bool more = Volatile.Read(ref first) is null && rest.MoveNext();
                item = more ? rest.Current : default;
                return more;
            }
        }
    }
}
