using System.Text;
using QuickStart.Traffic;
using Serilog;
using Serilog.Core;

namespace QuickStart;

/// <summary>Logs until it is killed, and says on standard output which log calls have returned.</summary>
internal static class CrashChild
{
    // Far more than the parent waits for.
    private const int EventsPerThread = 1_000_000;
    private const int EventsPerLine = 10;

    public static int Run(Arguments arguments, RunPlace place)
    {
        // Objects every 100 ms: the kill comes upon all stages, some entries delivered and some not even committed.
        using Logger log = new LoggerConfiguration()
            .MinimumLevel.Verbose()
            .Enrich.With(new Numbering(arguments.Run))
            .WriteTo.S3Journal(place.Destination, place.Journal, stream: "quickstart", maxObjectAge: TimeSpan.FromMilliseconds(100), s3: place.S3)
            .CreateLogger();
        using Stream output = Console.OpenStandardOutput();
        Workers.Run(arguments.Threads, thread =>
        {
            long acknowledged = 0;
            Shop.Log(log, thread, EventsPerThread, arguments.Seed, afterScenario: () =>
            {
                if (Numbering.Logged - acknowledged >= EventsPerLine)
                {
                    // The log calls have returned. One write a line, short enough for a pipe to take it as a whole.
                    acknowledged = Numbering.Logged;
                    output.Write(Encoding.ASCII.GetBytes(Acknowledgement.Line(thread, acknowledged)));
                }
            });
        });
        return 0;
    }
}
