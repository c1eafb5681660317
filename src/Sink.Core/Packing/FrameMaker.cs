using Sink.Core.Compressing;
using Sink.Core.Diagnostics;

namespace Sink.Core.Packing;

/// <summary>
/// Makes compressed frames, with a compressor that may be the program's own: one that throws must neither lose entries nor
/// stop the journal, nor be asked again and again. Used by the packing thread only.
/// </summary>
internal sealed class FrameMaker(JournalClock clock, Action<JournalFailure> report) : IDisposable
{
    private const int Tries = 3;

    private readonly HashSet<FrameKind> _failed = [];
    private Func<Compressor> _create = static () => throw new InvalidOperationException("No compressor was chosen.");
    private Compressor? _compressor;
    private long _busy;

    /// <summary>What frames are at present.</summary>
    public FrameKind Kind { get; private set; } = new("", "", "");

    /// <summary>Time spent in compressors, all in all.</summary>
    public TimeSpan Busy => clock.Provider.GetElapsedTime(0, _busy);

    /// <summary>Whether such a compressor has failed in this run.</summary>
    public bool HasFailed(FrameKind kind) => _failed.Contains(kind);

    /// <summary>The compressor itself is made when the first frame is.</summary>
    public void Use(FrameKind kind, Func<Compressor> create)
    {
        Forget();
        Kind = kind;
        _create = create;
    }

    /// <summary>Appends a frame of these bytes to an empty buffer.</summary>
    /// <exception cref="CompressorFailedException">The compressor threw each time.</exception>
    public void Make(ReadOnlySpan<byte> raw, PooledBuffer frame)
    {
        long begun = clock.Timestamp;
        try
        {
            for (int tries = 1; !TryMake(raw, frame, tries == Tries); tries++)
            {
            }
        }
        finally
        {
            _busy += clock.Timestamp - begun;
        }
    }

    public void Dispose() => Forget();

    private bool TryMake(ReadOnlySpan<byte> raw, PooledBuffer frame, bool isLast)
    {
        try
        {
            _compressor ??= _create();
            _compressor.Compress(raw, frame);
            return frame.Length > 0 || raw.IsEmpty ? true : throw new InvalidDataException($"It wrote nothing for {raw.Length} bytes.");
        }
        catch (Exception exception)
        {
            // Whatever it is, an IOException too: the disk has no part in it. A new instance knows nothing of the failure.
            Forget();
            frame.Clear();
            if (isLast)
            {
                GiveUp(raw.Length, exception);
                throw new CompressorFailedException(Kind.Name, exception);
            }

            return false;
        }
    }

    private void GiveUp(int bytes, Exception cause)
    {
        if (_failed.Add(Kind))
        {
            report(new JournalFailure(
                JournalFailureKind.Temporary,
                $"The compressor '{Kind.Name}' failed {Tries} times on {bytes} bytes of entries ({cause.GetType().Name}: {cause.Message}). Nothing is lost: objects begun with it are sealed as they are, and until the journal is opened again others are not compressed.",
                0,
                cause));
        }
    }

    private void Forget()
    {
        Compressor? compressor = _compressor;
        _compressor = null;
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
