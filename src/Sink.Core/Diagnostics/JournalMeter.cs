using System.Diagnostics.Metrics;
using Sink.Core.Lanes;

namespace Sink.Core.Diagnostics;

/// <summary>The meter <c>S3Journal</c>, over every open journal of the process. No stream or key stands in a tag: their number has no small bound.</summary>
internal static class JournalMeter
{
    private static readonly Meter _meter = new("S3Journal");

    private static readonly Histogram<double> _commit = _meter.CreateHistogram<double>("s3journal.commit.duration", "s", "Time of one group commit, its sync included.");
    private static readonly Histogram<double> _put = _meter.CreateHistogram<double>("s3journal.put.duration", "s", "Time of one put into the store.");

    private static readonly DropCounters _retiredDropped = new(TimeProvider.System);
    private static long _retiredAppended;
    private static long _retiredDelivered;

    /// <summary>Begins to publish; later calls do nothing.</summary>
    public static void Start() => _ = _started.Value;

    public static void Commit(TimeSpan duration) => Record(_commit, duration);

    public static void Put(TimeSpan duration) => Record(_put, duration);

    private static readonly Lazy<bool> _started = new(static () =>
    {
        _meter.CreateObservableCounter("s3journal.entries.appended", static () => Volatile.Read(ref _retiredAppended) + Sum(static lane => lane.Log.Appended), "{entry}", "Entries stored.");
        _meter.CreateObservableCounter("s3journal.entries.delivered", static () => Volatile.Read(ref _retiredDelivered) + Sum(static lane => lane.Backlog.Delivered), "{entry}", "Entries the store confirmed.");
        _meter.CreateObservableCounter("s3journal.entries.dropped", Dropped, "{entry}", "Entries dropped, by cause.");
        _meter.CreateObservableGauge("s3journal.backlog.size", static () => Sum(static lane => lane.BacklogBytes), "By", "Bytes that wait for delivery.");
        _meter.CreateObservableGauge("s3journal.backlog.age", static () => Lanes().Select(static lane => lane.OldestUndeliveredAge().TotalSeconds).DefaultIfEmpty().Max(), "s", "Age of the oldest object that is not delivered.");
        return true;
    });

    /// <summary>
    /// A listener's callback runs on the journal's own thread. What it throws is its own fault, and must neither end the
    /// committer nor pass for a store that is away.
    /// </summary>
    private static void Record(Histogram<double> histogram, TimeSpan duration)
    {
        try
        {
            histogram.Record(duration.TotalSeconds);
        }
        catch (Exception)
        {
            // A measurement less: counters are read elsewhere.
        }
    }

    /// <summary>Keeps a closed journal's counts: a counter never goes back.</summary>
    public static void Retire(Lane lane)
    {
        Interlocked.Add(ref _retiredAppended, lane.Log.Appended);
        Interlocked.Add(ref _retiredDelivered, lane.Backlog.Delivered);
        for (int i = 0; i < DropCounters.Causes; i++)
        {
            _retiredDropped.Add((DropCause)i, lane.Log.Dropped[(DropCause)i]);
        }
    }

    private static IEnumerable<Measurement<long>> Dropped()
    {
        for (int i = 0; i < DropCounters.Causes; i++)
        {
            DropCause cause = (DropCause)i;
            yield return new Measurement<long>(_retiredDropped[cause] + Sum(lane => lane.Log.Dropped[cause]), new KeyValuePair<string, object?>("cause", cause.ToString()));
        }
    }

    private static long Sum(Func<Lane, long> value) => Lanes().Sum(value);

    private static IEnumerable<Lane> Lanes() => JournalRegistry.All().Select(static core => core.Host.Lane);
}
