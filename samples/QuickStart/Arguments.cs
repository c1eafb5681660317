using System.Security.Cryptography;

namespace QuickStart;

/// <summary>What stands on the command line.</summary>
internal sealed record Arguments
{
    public const int DefaultEvents = 200_000;

    /// <summary>The <c>file://</c> URI of a folder, or <c>s3://bucket/prefix</c>; null is a new folder.</summary>
    public string? Destination { get; private init; }

    /// <summary>Where an S3 server other than Amazon's answers.</summary>
    public string? Endpoint { get; private init; }

    /// <summary>Of the child: its parent's journal.</summary>
    public string? Journal { get; private init; }

    public bool Crash { get; private init; }

    /// <summary>The process that <c>--crash</c> starts and kills.</summary>
    public bool IsChild { get; private init; }

    /// <summary>Of the child: the run it writes for.</summary>
    public string Run { get; private init; } = "";

    public int Events { get; private init; } = DefaultEvents;

    public int Seed { get; private init; } = RandomNumberGenerator.GetInt32(1_000_000);

    public int Threads => 4;

    public int EventsOf(int thread) => (Events / Threads) + (thread < Events % Threads ? 1 : 0);

    public static Arguments? Parse(string[] args)
    {
        Arguments parsed = new();
        for (int i = 0; i < args.Length; i++)
        {
            string? value = i + 1 < args.Length ? args[i + 1] : null;
            switch (args[i])
            {
                case "--crash":
                    parsed = parsed with { Crash = true };
                    break;
                case "--child" when value is not null:
                    parsed = parsed with { IsChild = true, Run = value };
                    i++;
                    break;
                case "--journal" when value is not null:
                    parsed = parsed with { Journal = value };
                    i++;
                    break;
                case "--endpoint" when value is not null:
                    parsed = parsed with { Endpoint = value };
                    i++;
                    break;
                case "--events" when int.TryParse(value, out int events) && events > 0:
                    parsed = parsed with { Events = events };
                    i++;
                    break;
                case "--seed" when int.TryParse(value, out int seed):
                    parsed = parsed with { Seed = seed };
                    i++;
                    break;
                case ['-', ..]:
                    return null;
                default:
                    parsed = parsed with { Destination = args[i] };
                    break;
            }
        }

        return parsed;
    }

    public static int ShowUsage()
    {
        Console.Error.WriteLine($"""
            QuickStart [DESTINATION] [--events N] [--seed N]    logs N events ({DefaultEvents:N0}), reads them back, and checks them
            QuickStart [DESTINATION] --crash [--seed N]         kills a process that logs, and checks what is left

            DESTINATION    file:///some/dir, or s3://bucket/prefix [--endpoint http://host:port] with keys from AWS_ACCESS_KEY_ID
                           and AWS_SECRET_ACCESS_KEY or wherever else the AWS SDK finds them; a new temporary folder when left out
            """);
        return 2;
    }
}
