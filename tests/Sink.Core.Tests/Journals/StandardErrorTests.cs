using Sink.Core.Diagnostics;

namespace Sink.Core.Tests.Journals;

[Collection(typeof(ProcessWide))]
public class StandardErrorTests
{
    [Theory]
    [InlineData(true, false, 1)]
    [InlineData(false, false, 0)]
    [InlineData(true, true, 0)]
    public void WhenNobodyListensTheFirstFailureIsOneLine(bool allowed, bool listens, int lines)
    {
        TextWriter before = Console.Error;
        using StringWriter written = new();
        Console.SetError(written);
        try
        {
            Notifier notifier = new(allowed);
            if (listens)
            {
                notifier.AddListeners([static _ => { }]);
            }

            // Advice is not a failure, and leaves the line to the first that is.
            notifier.Report(new JournalFailure(JournalFailureKind.Advice, "advice"));
            Assert.Null(notifier.LastError);
            notifier.Report(new JournalFailure(JournalFailureKind.Temporary, "one"));
            notifier.Report(new JournalFailure(JournalFailureKind.Temporary, "two"));
            Assert.True(notifier.Drain(JournalBench.Generous));
        }
        finally
        {
            Console.SetError(before);
        }

        Assert.DoesNotContain("advice", written.ToString(), StringComparison.Ordinal);
        Assert.Equal(lines, written.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public void StandardErrorThatIsClosedHarmsNobody()
    {
        TextWriter before = Console.Error;
        StringWriter closed = new();
        closed.Dispose();
        Console.SetError(closed);
        try
        {
            Notifier notifier = new(toStandardError: true);
            notifier.Report(new JournalFailure(JournalFailureKind.Temporary, "one"));
            Assert.True(notifier.Drain(JournalBench.Generous));
        }
        finally
        {
            Console.SetError(before);
        }
    }
}
