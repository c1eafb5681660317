using System.Globalization;
using QuickStart;
using Serilog.Debugging;
using Sink.Core;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
SelfLog.Enable(Console.Error);
if (Arguments.Parse(args) is not { } arguments)
{
    return Arguments.ShowUsage();
}

if (RunPlace.Of(arguments) is not { } place)
{
    return 2;
}

if (arguments.IsChild)
{
    return CrashChild.Run(arguments, place);
}

try
{
    return await (arguments.Crash ? CrashRun.RunAsync(arguments, place) : PlainRun.RunAsync(arguments, place));
}
catch (JournalException exception)
{
    // Its message says what to do: no such bucket, no right to it, a folder that cannot be written.
    Console.Error.WriteLine(exception.Message);
    return 1;
}
