using System.Diagnostics;
using Sink.Core;

namespace QuickStart;

/// <summary>Kills a process in the middle of logging, and looks for every event whose log call had returned.</summary>
internal static class CrashRun
{
    public static async Task<int> RunAsync(Arguments arguments, RunPlace place)
    {
        string run = Numbering.NewRun();
        int enough = new Random(arguments.Seed).Next(20_000, 150_001);
        Report.PrintHead(arguments, place, run);
        IReadOnlySet<string> earlier = await Delivered.KeysAsync(place);

        long[] acknowledged = await KillAsync(arguments, place, run, enough);
        if (acknowledged.Sum() < enough)
        {
            Console.Error.WriteLine("The child ended before it was killed.");
            return 1;
        }

        Delivered before = await Delivered.ReadAsync(place, run, earlier);
        long undelivered = Missing(before, acknowledged);

        // The same directory, opened again: what the dead process left is delivered.
        await using (Journal journal = Journal.Open(place.Options))
        {
            await journal.FlushAsync();
        }

        Delivered after = await Delivered.ReadAsync(place, run, earlier);
        long missing = Missing(after, acknowledged);
        long found = after.Found;
        bool isRight = missing == 0 && after.Doubled == 0 && after.OutOfOrder == 0;

        Report.Row("killed", $"with SIGKILL, when {enough:N0} acknowledgements were read");
        Report.Row("acknowledged", $"{acknowledged.Sum():N0} (those still in the pipe included): their log calls had returned");
        Report.Row("undelivered", $"{undelivered:N0} of them at the kill");
        Report.Row("opened again", $"and flushed: {found - before.Found:N0} more events delivered");
        Report.PrintObjects(after.Objects);
        Report.Row("found", $"{found:N0}, of the acknowledged missing {missing:N0}, doubled {after.Doubled:N0}, out of order {after.OutOfOrder:N0}");
        Report.Row("", $"{found - acknowledged.Sum() + missing:N0} more had been logged, but not acknowledged yet");
        Report.Row("", isRight ? "nothing acknowledged is missing or doubled" : "NOT everything that was acknowledged is there exactly once, in order");
        Report.PrintCount(place, after);
        return isRight ? 0 : 1;
    }

    private static long Missing(Delivered delivered, long[] acknowledged) => acknowledged.Select((last, thread) => delivered.Missing(thread, last)).Sum();

    /// <returns>For each thread the last event that was acknowledged.</returns>
    private static async Task<long[]> KillAsync(Arguments arguments, RunPlace place, string run, int enough)
    {
        long[] acknowledged = new long[arguments.Threads];
        long sum = 0;
        bool killed = false;
        using Process child = Start(arguments, place, run);
        while (await child.StandardOutput.ReadLineAsync() is { } line)
        {
            if (!Acknowledgement.TryRead(line, out int thread, out long sequence))
            {
                continue;
            }

            sum += sequence - acknowledged[thread];
            acknowledged[thread] = sequence;
            if (sum >= enough && !killed)
            {
                // What is in the pipe is still read: it was acknowledged too.
                child.Kill();
                killed = true;
            }
        }

        await child.WaitForExitAsync();
        return acknowledged;
    }

    private static Process Start(Arguments arguments, RunPlace place, string run)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
        {
            start.ArgumentList.Add(typeof(CrashRun).Assembly.Location);
        }

        foreach (string argument in (string[])[.. place.ToArguments(), "--child", run, "--seed", $"{arguments.Seed}"])
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }
}
