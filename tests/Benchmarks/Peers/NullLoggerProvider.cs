using Microsoft.Extensions.Logging;

namespace Benchmarks.Peers;

/// <summary>A provider that is enabled and does nothing: what is left is the call's own cost.</summary>
internal sealed class NullLoggerProvider : ILoggerProvider, ILogger, ISupportExternalScope
{
    public ILogger CreateLogger(string categoryName) => this;

    public void SetScopeProvider(IExternalScopeProvider scopeProvider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
    }

    public void Dispose()
    {
    }
}
