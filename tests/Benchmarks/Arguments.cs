namespace Benchmarks;

/// <summary>The command line.</summary>
internal sealed record Arguments(string Verb)
{
    public const string Run = "run";
    public const string Report = "report";
    public const string Compressions = "compressions";

    public const string Usage = """
        Usage: Benchmarks run [--quick] [--only GROUP]... [--output FILE [--merge]] [--directory DIR]
                          measures; --output is where the results go, as JSON; DIR is where the data lies meanwhile;
                          --merge leaves what FILE has of other groups as it is
               Benchmarks report [--check] [--input FILE]
                          writes docs/performance.md from docs/performance.json, or checks that it is what that gives
               Benchmarks compressions
                          prints what each compression makes of log lines, and how fast
        """;

    public bool Quick { get; private init; }

    public bool Merge { get; private init; }

    public bool Check { get; private init; }

    public IReadOnlyList<string> Only { get; private init; } = [];

    public string? Output { get; private init; }

    public string? Input { get; private init; }

    public string Directory { get; private init; } = Path.GetTempPath();

    /// <summary>Null when they are not to be understood.</summary>
    public static Arguments? TryParse(string[] args)
    {
        if (args.Length == 0 || args[0] is not (Run or Report or Compressions))
        {
            return null;
        }

        Arguments parsed = new(args[0]);
        for (int i = 1; i < args.Length; i++)
        {
            string? value = i + 1 < args.Length ? args[i + 1] : null;
            switch (args[i])
            {
                case "--quick":
                    parsed = parsed with { Quick = true };
                    continue;
                case "--merge":
                    parsed = parsed with { Merge = true };
                    continue;
                case "--check":
                    parsed = parsed with { Check = true };
                    continue;
                case "--only" when value is not null:
                    parsed = parsed with { Only = [.. parsed.Only, value] };
                    break;
                case "--output" when value is not null:
                    parsed = parsed with { Output = value };
                    break;
                case "--input" when value is not null:
                    parsed = parsed with { Input = value };
                    break;
                case "--directory" when value is not null:
                    parsed = parsed with { Directory = value };
                    break;
                default:
                    return null;
            }

            i++;
        }

        return parsed;
    }
}
