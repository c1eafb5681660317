using System.Text;
using QuickStart;
using QuickStart.Traffic;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace Benchmarks.Pairs;

/// <summary>Events of a web shop's log, of all kinds, made beforehand; runs take them round and round.</summary>
internal sealed class RealEvents
{
    private const int Different = 20_000;

    private static readonly Lazy<RealEvents> _instance = new(static () => new RealEvents());

    private RealEvents()
    {
        Collector collector = new();
        using (Logger logger = new LoggerConfiguration().MinimumLevel.Verbose().Enrich.With(new Numbering("bench")).WriteTo.Sink(collector).CreateLogger())
        {
            Shop.Log(logger, thread: 0, Different, seed: 7);
        }

        Events = [.. collector.Events];
        CompactJsonFormatter formatter = new();
        Lines = [.. Events.Select(logEvent =>
        {
            using StringWriter writer = new();
            formatter.Format(logEvent, writer);
            return Encoding.UTF8.GetBytes(writer.ToString().TrimEnd());
        })];
        BytesOfAll = Lines.Sum(static line => line.LongLength + 1);
    }

    public static RealEvents Instance => _instance.Value;

    public LogEvent[] Events { get; }

    /// <summary>The events in Compact Log Event Format, without line feeds.</summary>
    public byte[][] Lines { get; }

    /// <summary>Bytes of all lines, with a line feed after each.</summary>
    public long BytesOfAll { get; }

    /// <summary>Bytes of that many events, a multiple of how many there are.</summary>
    public long BytesOf(int rounds) => rounds * BytesOfAll;

    /// <summary>The lines as one text in pieces of a size, the last one shorter.</summary>
    public List<byte[]> Text(int pieceBytes)
    {
        using MemoryStream text = new();
        foreach (byte[] line in Lines)
        {
            text.Write(line);
            text.WriteByte((byte)'\n');
        }

        return [.. text.ToArray().Chunk(pieceBytes)];
    }

    private sealed class Collector : ILogEventSink
    {
        public List<LogEvent> Events { get; } = [];

        public void Emit(LogEvent logEvent) => Events.Add(logEvent);
    }
}
