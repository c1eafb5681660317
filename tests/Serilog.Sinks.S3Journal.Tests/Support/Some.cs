using Serilog.Events;
using Serilog.Parsing;

namespace Serilog.Sinks.S3Journal.Tests.Support;

/// <summary>Events for tests.</summary>
internal static class Some
{
    private static readonly MessageTemplateParser Parser = new();

    public static readonly DateTimeOffset Time = new(2026, 11, 22, 10, 15, 0, TimeSpan.FromHours(2));

    public static MessageTemplate Template(string text) => Parser.Parse(text);

    public static LogEvent Event(string template, params (string Name, object? Value)[] properties)
        => Event(LogEventLevel.Information, template, properties);

    public static LogEvent Event(LogEventLevel level, string template, params (string Name, object? Value)[] properties)
        => new(Time, level, null, Template(template), properties.Select(p => new LogEventProperty(p.Name, Value(p.Value))));

    public static LogEventPropertyValue Value(object? value) => value as LogEventPropertyValue ?? new ScalarValue(value);
}

/// <summary>A value whose text cannot be had.</summary>
internal sealed class Throwing
{
    public override string ToString() => throw new InvalidOperationException("no text");
}
