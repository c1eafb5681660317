using System.Globalization;
using Crash;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
return Arguments.Parse(args) switch
{
    null => Arguments.ShowUsage(),
    { Life: { } life } arguments => CrashChild.Run(arguments, life),
    { } arguments => await CrashRun.RunAsync(arguments),
};
