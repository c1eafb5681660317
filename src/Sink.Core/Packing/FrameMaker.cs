using Sink.Core.Compressing;
using Sink.Core.Diagnostics;

namespace Sink.Core.Packing;

/// <summary>
/// Makes compressed frames, with compressors that may be the program's own: one that throws must neither lose entries nor
/// stop the journal, nor be asked again and again. Used by the packing thread only.
/// </summary>
internal sealed class FrameMaker(JournalClock clock, Action<JournalFailure> report) : IDisposable
{
    private const int Tries = 3;

    private readonly HashSet<FrameKind> _failed = [];

    /// <summary>Of the journal and of streams with a compression of their own; each is made when the first frame is.</summary>
    private readonly Dictionary<FrameCoder, Compressor> _compressors = [];
    private long _busy;

    /// <summary>Time spent in compressors, all in all.</summary>
    public TimeSpan Busy => clock.Provider.GetElapsedTime(0, _busy);

    /// <summary>Whether such a compressor has failed in this run.</summary>
    public bool HasFailed(FrameKind kind) => _failed.Contains(kind);

    /// <summary>Appends a frame of these bytes to an empty buffer.</summary>
    /// <exception cref="CompressorFailedException">The compressor threw each time.</exception>
    public void Make(FrameCoder coder, ReadOnlySpan<byte> raw, PooledBuffer frame)
    {
        long begun = clock.Timestamp;
        try
        {
            for (int tries = 1; !TryMake(coder, raw, frame, tries == Tries); tries++)
            {
            }
        }
        finally
        {
            _busy += clock.Timestamp - begun;
        }
    }

    /// <summary>Those that are still needed are made again.</summary>
    public void ForgetAll()
    {
        foreach (FrameCoder coder in _compressors.Keys.ToArray())
        {
            Forget(coder);
        }
    }

    public void Dispose() => ForgetAll();

    private bool TryMake(FrameCoder coder, ReadOnlySpan<byte> raw, PooledBuffer frame, bool isLast)
    {
        try
        {
            if (!_compressors.TryGetValue(coder, out Compressor? compressor))
            {
                compressor = coder.Create();
                _compressors.Add(coder, compressor);
            }

            compressor.Compress(raw, frame);
            return frame.Length > 0 || raw.IsEmpty ? true : throw new InvalidDataException($"It wrote nothing for {raw.Length} bytes.");
        }
        catch (Exception exception)
        {
            // Whatever it is, an IOException too: the disk has no part in it. A new instance knows nothing of the failure.
            Forget(coder);
            frame.Clear();
            if (isLast)
            {
                GiveUp(coder.Kind, raw.Length, exception);
                throw new CompressorFailedException(coder.Kind.Name, exception);
            }

            return false;
        }
    }

    private void GiveUp(FrameKind kind, int bytes, Exception cause)
    {
        if (_failed.Add(kind))
        {
            report(new JournalFailure(
                JournalFailureKind.Temporary,
                $"The compressor '{kind.Name}' failed {Tries} times on {bytes} bytes of entries ({cause.GetType().Name}: {cause.Message}). Nothing is lost: objects begun with it are sealed as they are, and until the journal is opened again others go on without it.",
                0,
                cause));
        }
    }

    private void Forget(FrameCoder coder)
    {
        _compressors.Remove(coder, out Compressor? compressor);
        try
        {
            compressor?.Dispose();
        }
        catch (Exception)
        {
            // It is let go of either way.
        }
    }
}
