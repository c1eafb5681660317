using Serilog.Core;
using Serilog.Events;
using Sink.Core;

namespace Benchmarks;

/// <summary>What the measurements share.</summary>
internal static class Bench
{
    public static JournalOptions Options(string directory, string name)
    {
        JournalOptions options = new()
        {
            LocalDirectory = Path.Join(directory, name, "local"),
            Destination = new Uri(Path.Join(directory, name, "bucket")).AbsoluteUri,
            ReportToStandardError = false,
            MinFreeDiskBytes = 0,
        };
        return options;
    }

    public static void Print(string what, string value) => Console.WriteLine($"{what,-64} {value}");
}

/// <summary>A sink that does nothing: what remains is Serilog's own.</summary>
internal sealed class NullSink : ILogEventSink
{
    public void Emit(LogEvent logEvent)
    {
    }
}
