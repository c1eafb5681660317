using System.Globalization;
using Sink.Core.Diagnostics;

namespace Sink.Core.Lanes;

/// <summary>
/// Notices a compressor that is slower than what is appended: a minute in which packing never came to the end of the log,
/// the log grew, and most of the time went into the compressor. Reported once, until packing has come to the end again.
/// Used by the packing thread only.
/// </summary>
internal sealed class CompressionPace(JournalClock clock, Action<JournalFailure> report)
{
    private static readonly TimeSpan _window = TimeSpan.FromMinutes(1);

    private (long Timestamp, long Appended, long Packed, TimeSpan Busy)? _from;
    private bool _isTold;

    /// <summary>What was measured so far says nothing: packing has nothing to do, or does again what it had done.</summary>
    public void Begin(bool isSettled)
    {
        _from = null;
        _isTold = _isTold && !isSettled;
    }

    /// <param name="compressor">Its name.</param>
    /// <param name="appended">Position behind the last entry.</param>
    /// <param name="packed">Position below which all is packed.</param>
    /// <param name="busy">Time spent compressing, ever.</param>
    public void Look(string compressor, long appended, long packed, TimeSpan busy)
    {
        if (_from is not { } from)
        {
            _from = (clock.Timestamp, appended, packed, busy);
            return;
        }

        TimeSpan elapsed = clock.Since(from.Timestamp);
        if (elapsed < _window)
        {
            return;
        }

        _from = (clock.Timestamp, appended, packed, busy);
        bool isSlow = appended - from.Appended > packed - from.Packed && busy - from.Busy > elapsed / 2;
        if (isSlow && !_isTold)
        {
            _isTold = true;
            report(new JournalFailure(JournalFailureKind.Temporary, string.Create(
                CultureInfo.InvariantCulture,
                $"The compressor '{compressor}' is slower than what is appended: in {elapsed.TotalSeconds:F0} s {Rate(appended - from.Appended, elapsed)} were appended and {Rate(packed - from.Packed, elapsed)} packed, {(busy - from.Busy) / elapsed:P0} of the time in the compressor; {(appended - packed) / 1e6:F1} MB wait. Choose a lower CompressionLevel, or Zstd or Snappy as Compression; else the log grows to MaxDiskBytes, and WhenFull applies.")));
        }
    }

    private static string Rate(long bytes, TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6 / time.TotalSeconds:F2} MB/s");
}
