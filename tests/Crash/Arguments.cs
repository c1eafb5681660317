using System.Globalization;

namespace Crash;

/// <summary>What stands on the command line.</summary>
internal sealed record Arguments
{
    private const int DefaultCycles = 200;

    /// <summary>How many processes are killed.</summary>
    public int Cycles { get; private init; } = DefaultCycles;

    /// <summary>Decides what the processes write and when they are killed; the kernel's and the disk's part it cannot.</summary>
    public int Seed { get; private init; } = Random.Shared.Next(1_000_000);

    /// <summary>Where the run's folder is made; the working directory, for the temporary one may be no real disk.</summary>
    public string Directory { get; private init; } = Environment.CurrentDirectory;

    /// <summary>Of the child: its number. The others are for the parent.</summary>
    public int? Life { get; private init; }

    /// <summary>Of the child: it delivers nothing of its own accord.</summary>
    public bool IsHeld { get; private init; }

    public static Arguments? Parse(string[] args)
    {
        Arguments parsed = new();
        for (int i = 0; i < args.Length; i++)
        {
            string? value = i + 1 < args.Length ? args[i + 1] : null;
            switch (args[i])
            {
                case "--cycles" when int.TryParse(value, CultureInfo.InvariantCulture, out int cycles) && cycles > 0:
                    parsed = parsed with { Cycles = cycles };
                    i++;
                    break;
                case "--seed" when int.TryParse(value, CultureInfo.InvariantCulture, out int seed):
                    parsed = parsed with { Seed = seed };
                    i++;
                    break;
                case "--directory" when value is not null:
                    parsed = parsed with { Directory = Path.GetFullPath(value) };
                    i++;
                    break;
                case "--life" when int.TryParse(value, CultureInfo.InvariantCulture, out int life):
                    parsed = parsed with { Life = life };
                    i++;
                    break;
                case "--held":
                    parsed = parsed with { IsHeld = true };
                    break;
                default:
                    return null;
            }
        }

        return parsed;
    }

    public static int ShowUsage()
    {
        Console.Error.WriteLine($"""
            Crash [--cycles N] [--seed N] [--directory DIR]

            Starts a process that logs, kills it with SIGKILL in the middle, starts the next on what it left, N times
            ({DefaultCycles}). Every entry whose append had returned must be delivered exactly once and in order. Prints kills by what the
            process was doing, entries, lost, doubled. Exit code 1: a promise was broken; 3: none, but the run proves too little.

            --seed N           decides what is written and when is killed (another at each run)
            --directory DIR    where the run's folder is made (the working directory); it is kept when anything is wrong

            Crash --life N --directory RUN [--seed N] [--held]    is such a process: it logs until its standard input ends
            """);
        return 2;
    }
}
