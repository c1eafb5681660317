using System.Diagnostics;

namespace Benchmarks.Measuring;

/// <summary>Threads that append as fast as they can.</summary>
internal static class Appenders
{
    private const int BetweenLooks = 256;

    /// <summary>Appends for a time; returns how many entries.</summary>
    /// <param name="threads">How many.</param>
    /// <param name="duration">How long.</param>
    /// <param name="append">Given the thread's number and the entry's.</param>
    public static long RunFor(int threads, TimeSpan duration, Action<int, long> append)
    {
        long[] appended = new long[threads];
        Thread[] all = [.. Enumerable.Range(0, threads).Select(thread => new Thread(() =>
        {
            Stopwatch watch = Stopwatch.StartNew();
            long number = 0;
            while (watch.Elapsed < duration)
            {
                for (int i = 0; i < BetweenLooks; i++)
                {
                    append(thread, number++);
                }
            }

            appended[thread] = number;
        }))];
        Array.ForEach(all, static thread => thread.Start());
        Array.ForEach(all, static thread => thread.Join());
        return appended.Sum();
    }

    /// <summary>Bursts that fit into memory, with <paramref name="settle"/>, not measured, after each. Entries per second of the bursts; bytes allocated and CPU time per append.</summary>
    public static Figure RunBursts(int threads, int bursts, int burstEntries, Action<int, long> append, Action settle)
    {
        int perThread = burstEntries / threads;
        long allocated = 0;
        long cpuNanoseconds = 0;
        using Barrier barrier = new(threads + 1);
        Thread[] all = [.. Enumerable.Range(0, threads).Select(thread => new Thread(() =>
        {
            for (int burst = 0; burst < bursts; burst++)
            {
                barrier.SignalAndWait();
                long before = GC.GetAllocatedBytesForCurrentThread();
                double cpuBefore = ThreadTime.IsThere ? ThreadTime.Nanoseconds : 0;
                for (int i = 0; i < perThread; i++)
                {
                    append(thread, i);
                }

                Interlocked.Add(ref cpuNanoseconds, ThreadTime.IsThere ? (long)(ThreadTime.Nanoseconds - cpuBefore) : 0);
                Interlocked.Add(ref allocated, GC.GetAllocatedBytesForCurrentThread() - before);
                barrier.SignalAndWait();
            }
        }))];
        Array.ForEach(all, static thread => thread.Start());
        TimeSpan measured = TimeSpan.Zero;
        for (int burst = 0; burst < bursts; burst++)
        {
            long begun = Stopwatch.GetTimestamp();
            barrier.SignalAndWait();
            barrier.SignalAndWait();
            measured += Stopwatch.GetElapsedTime(begun);
            settle();
        }

        Array.ForEach(all, static thread => thread.Join());
        double appends = (double)bursts * perThread * threads;
        return new Figure { Value = appends / measured.TotalSeconds, Allocated = allocated / appends, CpuNanoseconds = ThreadTime.IsThere ? cpuNanoseconds / appends : null };
    }
}
