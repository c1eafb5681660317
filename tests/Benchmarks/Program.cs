using System.Globalization;
using Benchmarks;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
Arguments? arguments = Arguments.TryParse(args);
if (arguments is null)
{
    Console.Error.WriteLine(Arguments.Usage);
    return 2;
}

return arguments.Verb == Arguments.Report ? ReportCommand.Run(arguments) : RunCommand.Run(arguments);
