using Serilog.Core;
using Serilog.Events;

namespace Benchmarks.Peers;

/// <summary>A sink that does nothing: what remains is Serilog's own.</summary>
internal sealed class NullSink : ILogEventSink
{
    public void Emit(LogEvent logEvent)
    {
    }
}
