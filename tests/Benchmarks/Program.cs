using System.Globalization;
using Benchmarks;
using Benchmarks.Counts;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
Arguments? arguments = Arguments.TryParse(args);
if (arguments is null)
{
    Console.Error.WriteLine(Arguments.Usage);
    return 2;
}

return arguments.Verb switch
{
    Arguments.Report => ReportCommand.Run(arguments),
    Arguments.Compressions => CompressionRates.Run(),
    _ => RunCommand.Run(arguments),
};
