using Benchmarks.Results;

namespace Benchmarks;

/// <summary>Writes the page of the results, or checks it.</summary>
internal static class ReportCommand
{
    public static int Run(Arguments arguments)
    {
        string root = Repository.Root();
        string input = arguments.Input ?? Path.Join(root, "docs", "performance.json");
        Remarks remarks = Remarks.Read(Path.Join(root, "tests", "Benchmarks", "remarks.md"));
        string page = ReportPage.Write(BenchResults.Read(input), remarks);
        if (arguments.Input is not null)
        {
            Console.Write(page);
            return 0;
        }

        string path = Path.Join(root, "docs", "performance.md");
        if (arguments.Check)
        {
            if (File.Exists(path) && File.ReadAllText(path) == page)
            {
                return 0;
            }

            Console.Error.WriteLine("docs/performance.md is not what docs/performance.json and tests/Benchmarks/remarks.md give. Write it anew: ./bench.sh --report");
            return 1;
        }

        File.WriteAllText(path, page);
        return 0;
    }
}
