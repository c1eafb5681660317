using Sink.Core.Diagnostics;

namespace Sink.Core.Lanes;

/// <summary>A dedicated thread of the journal. However its loop ends, somebody is told: a loop that died without a word would leave everyone waiting.</summary>
internal sealed class LoopThread
{
    private readonly Thread _thread;

    /// <param name="name">The thread's name.</param>
    /// <param name="loop">What it runs.</param>
    /// <param name="onFailure">Called when the loop threw.</param>
    /// <param name="onEnded">Called last, in any case.</param>
    public LoopThread(string name, Action loop, Action<Exception> onFailure, Action onEnded)
    {
        _thread = new Thread(() => Run(loop, onFailure, onEnded)) { IsBackground = true, Name = name };
    }

    /// <summary>Without the caller's flow: what it marked, and its activity, are not the journal's for the rest of its life.</summary>
    public void Start() => _thread.UnsafeStart();

    private static void Run(Action loop, Action<Exception> onFailure, Action onEnded)
    {
        OwnWork.MarkThread();
        try
        {
            loop();
        }
        catch (Exception exception)
        {
            onFailure(exception);
        }
        finally
        {
            onEnded();
        }
    }
}
