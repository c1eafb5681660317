using Microsoft.Extensions.Time.Testing;
using Sink.Core.Diagnostics;
using Sink.Core.Lanes;

namespace Sink.Core.Tests.Lanes;

public class CompressionPaceTests
{
    private const long Megabyte = 1_000_000;

    private readonly FakeTimeProvider _time = new();
    private readonly List<JournalFailure> _reports = [];
    private readonly CompressionPace _pace;
    private long _appended;
    private long _packed;
    private TimeSpan _busy;

    public CompressionPaceTests()
    {
        _pace = new CompressionPace(new JournalClock(_time), _reports.Add);
    }

    [Fact]
    public void AMinuteInWhichTheLogGrewAndTheCompressorWasBusyIsReportedOnceWithRates()
    {
        Pass(minutes: 3, appended: 12 * Megabyte, packed: 3 * Megabyte, busy: 58);

        JournalFailure report = Assert.Single(_reports);
        Assert.Equal(JournalFailureKind.Temporary, report.Kind);
        Assert.Contains("'lzma' is slower than what is appended: in 60 s 12.00 MB/s were appended and 3.00 MB/s packed", report.Message);
        Assert.Contains("97", report.Message);
        Assert.Contains("540.0 MB wait", report.Message);
    }

    [Fact]
    public void LessThanAMinuteSaysNothing()
    {
        Pass(minutes: 59 / 60.0, appended: 12 * Megabyte, packed: 3 * Megabyte, busy: 58);
        Assert.Empty(_reports);
    }

    // The disk was slow, or the processor was elsewhere.
    [Fact]
    public void TimeSpentElsewhereIsNotTheCompressors()
    {
        Pass(minutes: 3, appended: 12 * Megabyte, packed: 3 * Megabyte, busy: 29);
        Assert.Empty(_reports);
    }

    [Fact]
    public void ALogThatDoesNotGrowSaysNothingHoweverBusyTheCompressor()
    {
        Pass(minutes: 3, appended: 12 * Megabyte, packed: 12 * Megabyte, busy: 60);
        Assert.Empty(_reports);
    }

    [Fact]
    public void ComingToTheEndOfTheLogBeginsTheMinuteAnew()
    {
        for (int i = 0; i < 10; i++)
        {
            Pass(minutes: 0.9, appended: 12 * Megabyte, packed: 3 * Megabyte, busy: 58);
            _pace.Begin(isSettled: true);
        }

        Assert.Empty(_reports);
    }

    [Fact]
    public void ItIsNewsAgainAfterPackingHasComeToTheEnd()
    {
        Pass(minutes: 3, appended: 12 * Megabyte, packed: 3 * Megabyte, busy: 58);

        // Entries are packed again after a failure: that is no end.
        _pace.Begin(isSettled: false);
        Pass(minutes: 3, appended: 12 * Megabyte, packed: 3 * Megabyte, busy: 58);
        Assert.Single(_reports);

        _pace.Begin(isSettled: true);
        Pass(minutes: 3, appended: 12 * Megabyte, packed: 3 * Megabyte, busy: 58);
        Assert.Equal(2, _reports.Count);
    }

    /// <summary>Looks each second; rates are bytes a second, <paramref name="busy"/> seconds of a minute.</summary>
    private void Pass(double minutes, long appended, long packed, int busy)
    {
        for (int second = 0; second <= minutes * 60; second++)
        {
            _pace.Look("lzma", _appended, _packed, _busy);
            _time.Advance(TimeSpan.FromSeconds(1));
            _appended += appended;
            _packed += packed;
            _busy += TimeSpan.FromSeconds(busy / 60.0);
        }
    }
}
