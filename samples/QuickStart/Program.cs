using System.Diagnostics;
using System.Globalization;
using QuickStart;
using QuickStart.Traffic;
using Serilog;
using Serilog.Core;
using Serilog.Debugging;
using Sink.Core;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
SelfLog.Enable(Console.Error);
if (Arguments.Parse(args) is not { } arguments)
{
    return Arguments.ShowUsage();
}

if (arguments.IsChild)
{
    return CrashChild.Run(arguments);
}

RunFolder folder = RunFolder.Of(arguments.Destination);
if (arguments.Crash)
{
    return await CrashRun.RunAsync(arguments, folder);
}

string run = Numbering.NewRun();
Report.PrintHead(arguments, folder, run);
IReadOnlySet<string> earlier = await Delivered.KeysAsync(folder);

// All that a program needs of the journal: the destination, and a folder for what is not delivered yet.
Logger log = new LoggerConfiguration()
    .MinimumLevel.Verbose()
    .Enrich.With(new Numbering(run))
    .WriteTo.S3Journal(folder.Destination, folder.Journal, stream: "quickstart", maxObjectBytes: 2 << 20)
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
Delivered delivered = await Delivered.ReadAsync(folder, run, earlier);
return Report.Print(arguments, folder, delivered, logging.Elapsed, flushing.Elapsed);
