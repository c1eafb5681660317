using System.Globalization;
using Benchmarks;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
string directory = Path.Join(args.Length > 1 ? args[1] : Path.GetTempPath(), $"s3journal-bench-{Environment.ProcessId}");
try
{
    switch (args.FirstOrDefault() ?? "all")
    {
        case "heap":
            BurstHeap.Run(directory);
            break;
        case "allocations":
            Allocations.Run(directory);
            break;
        case "append":
            AppendRate.Run(directory);
            break;
        case "all":
            Allocations.Run(directory);
            BurstHeap.Run(directory);
            AppendRate.Run(directory);
            break;
        default:
            Console.Error.WriteLine("Usage: Benchmarks [all|allocations|heap|append] [directory]");
            return 2;
    }
}
finally
{
    if (Directory.Exists(directory))
    {
        Directory.Delete(directory, recursive: true);
    }
}

return 0;
