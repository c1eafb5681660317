using Serilog.Core;
using Serilog.Debugging;
using Serilog.Sinks.S3Journal.Tests.Support;
using Sink.Core;

namespace Serilog.Sinks.S3Journal.Tests.Sinks;

[Collection(nameof(OfTheProcess))]
public class FailureReporterTests
{
    [Fact]
    public void TheSelfLogHasOneLineForManyRefusalsAndOneWhenTheyEnd()
    {
        using SelfLogLines selfLog = new();
        FailureReporter reporter = new(toStandardError: true);

        reporter.Stored();
        for (int i = 0; i < 100; i++)
        {
            reporter.Refuse(Some.Event("x"), "No room.", null);
        }

        reporter.Stored();
        reporter.Stored();
        reporter.Refuse(Some.Event("x"), "No room again.", new IOException("why"));
        reporter.Stored();

        Assert.Equal(4, selfLog.Lines.Length);
        Assert.Contains("No room.", selfLog.Lines[0]);
        Assert.Contains("100 were not", selfLog.Lines[1]);
        Assert.Contains("No room again. System.IO.IOException: why", selfLog.Lines[2]);
        Assert.Contains("; 1 were not", selfLog.Lines[3]);
        Assert.Equal(101, reporter.Refused);
    }

    [Fact]
    public void AFailureWithoutEventsIsAlwaysInTheSelfLog()
    {
        using SelfLogLines selfLog = new();
        Listener listener = new();
        FailureReporter reporter = new(toStandardError: true);
        reporter.SetListener(this, listener);

        reporter.Report(LoggingFailureKind.Temporary, "The store is away.", null);

        Assert.Contains("The store is away.", Assert.Single(selfLog.Lines));
        Assert.Single(listener.Failures);
    }

    [Theory]
    [InlineData(true, false, false, 1)]
    [InlineData(false, false, false, 0)]
    [InlineData(true, true, false, 0)]
    [InlineData(true, false, true, 0)]
    public void StandardErrorHasOneLineWhenNobodyListens(bool enabled, bool selfLog, bool listener, int lines)
    {
        SelfLog.Disable();
        using SelfLogLines? on = selfLog ? new() : null;
        TextWriter before = Console.Error;
        StringWriter error = new();
        Console.SetError(error);
        try
        {
            FailureReporter reporter = new(enabled);
            if (listener)
            {
                reporter.SetListener(this, new Listener());
            }

            // Advice is not a failure, and leaves the line to the first that is.
            reporter.Report(new JournalFailure(JournalFailureKind.Advice, "Advice."));
            reporter.Refuse(Some.Event("x"), "No room.", null);
            reporter.Report(LoggingFailureKind.Final, "The end.", new IOException("why"));
        }
        finally
        {
            Console.SetError(before);
        }

        Assert.Equal(lines, error.ToString().Split('\n').Count(l => l.Length > 0));
        Assert.Equal(lines > 0, error.ToString().Contains("S3Journal: No room."));
    }
}
