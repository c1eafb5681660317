using System.Runtime.CompilerServices;
using Sink.Core.Diagnostics;
using Sink.Core.Log;

namespace Sink.Core.Tests.Races;

public class AbandonedWaitTests
{
    [Fact]
    public void AWaitThatItsCallerGaveUpLeavesNoUnobservedException()
    {
        int unobserved = 0;
        EventHandler<UnobservedTaskExceptionEventArgs> count = (_, e) => unobserved += e.Exception.ToString().Contains("the disk of this test", StringComparison.Ordinal) ? 1 : 0;
        TaskScheduler.UnobservedTaskException += count;
        GiveUp();
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        TaskScheduler.UnobservedTaskException -= count;
        Assert.Equal(0, unobserved);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void GiveUp()
    {
        CommitQueue queue = new(new JournalClock(TimeProvider.System));
        using CancellationTokenSource cancel = new();
        Task wait = queue.WaitAsync(static () => 0, 8, cancel.Token);
        cancel.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => wait.GetAwaiter().GetResult());
        queue.Fail(new IOException("the disk of this test"), forEver: false);
    }
}
