using System.Globalization;
using Benchmarks.Measuring;
using Serilog.Core;
using Serilog.Events;
using Sink.Core;

namespace Benchmarks.Pairs;

/// <summary>What the whole process spends on a gigabyte of events (their length as CLEF), until ours are delivered to <c>file://</c> and the file sink's file is closed.</summary>
internal sealed class CostPairs(Bench bench)
{
    public const string Group = "cost";

    private const string Peer = "Serilog.Sinks.File";

    public IEnumerable<Pair> All()
    {
        yield return Of("CPU time of the process", "CPU s/GB", static () => Environment.CpuUsage.TotalTime.TotalSeconds);
        if (File.Exists("/proc/self/io"))
        {
            yield return Of("bytes sent to the disk (write_bytes of /proc/self/io)", "GB/GB", static () => Counter("write_bytes") / 1e9);
            yield return Of("bytes given to write calls (wchar of /proc/self/io)", "GB/GB", static () => Counter("wchar") / 1e9);
        }
    }

    private int Rounds => bench.Scaled(40);

    private Pair Of(string what, string unit, Func<double> spent) => new(Group, what, unit, Peer, () => Ours(spent), () => Theirs(spent));

    private Figure Ours(Func<double> spent)
    {
        double before = spent();
        using (Journal journal = Journal.Open(bench.Options()))
        {
            using (Logger logger = SerilogPairs.ToJournal(journal))
            {
                Write(logger);
            }

            journal.FlushAsync().Wait();
            Stored.Check(journal, (long)Rounds * RealEvents.Instance.Events.Length);
        }

        return PerGigabyte(spent() - before);
    }

    private Figure Theirs(Func<double> spent)
    {
        double before = spent();
        using (Logger logger = SerilogPairs.ToFile(bench.PathOf("log.clef")))
        {
            Write(logger);
        }

        return PerGigabyte(spent() - before);
    }

    private void Write(Logger logger)
    {
        for (int round = 0; round < Rounds; round++)
        {
            foreach (LogEvent logEvent in RealEvents.Instance.Events)
            {
                logger.Write(logEvent);
            }
        }
    }

    private Figure PerGigabyte(double spent) => new() { Value = spent / (RealEvents.Instance.BytesOf(Rounds) / 1e9) };

    private static double Counter(string name) =>
        double.Parse(File.ReadLines("/proc/self/io").First(line => line.StartsWith($"{name}:", StringComparison.Ordinal)).AsSpan(name.Length + 1), CultureInfo.InvariantCulture);
}
