using System.Diagnostics;
using QuickStart.Traffic;
using Serilog;
using Serilog.Core;
using Sink.Core;

namespace QuickStart;

/// <summary>Logs, flushes, reads back, and checks.</summary>
internal static class PlainRun
{
    public static async Task<int> RunAsync(Arguments arguments, RunPlace place)
    {
        string run = Numbering.NewRun();
        Report.PrintHead(arguments, place, run);
        IReadOnlySet<string> earlier = await Delivered.KeysAsync(place);

        // All that a program needs of the journal: the destination, and a folder for what is not delivered yet.
        Logger log = new LoggerConfiguration()
            .MinimumLevel.Verbose()
            .Enrich.With(new Numbering(run))
            .WriteTo.S3Journal(place.Destination, place.Journal, stream: "quickstart", maxObjectBytes: 2 << 20, s3: place.S3)
            .CreateLogger();

        Stopwatch logging = Stopwatch.StartNew();
        Workers.Run(arguments.Threads, thread => Shop.Log(log, thread, arguments.EventsOf(thread), arguments.Seed));
        logging.Stop();

        // Not needed at the end of a program, where closing the logger delivers too; here it is timed.
        Stopwatch flushing = Stopwatch.StartNew();
        await Journal.FlushAllAsync(TimeSpan.FromMinutes(2));
        flushing.Stop();
        await log.DisposeAsync();

        // What was delivered, read back as any other program could read it.
        Delivered delivered = await Delivered.ReadAsync(place, run, earlier);
        return Report.Print(arguments, place, delivered, logging.Elapsed, flushing.Elapsed);
    }
}
