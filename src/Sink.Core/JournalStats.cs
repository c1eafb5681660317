using Sink.Core.Diagnostics;
using Sink.Core.Lanes;

namespace Sink.Core;

/// <summary>Counters and watermarks of a journal at one moment. Counters count from the open; entries of other lanes are not in them.</summary>
public sealed record JournalStats
{
    /// <summary>Entries stored.</summary>
    public required long Enqueued { get; init; }

    /// <summary>Entries the store confirmed, those of earlier runs included.</summary>
    public required long Uploaded { get; init; }

    /// <summary>The stages between append and confirmation.</summary>
    public required JournalQueueStats Queue { get; init; }

    /// <summary>Entries dropped, by cause; causes without any are left out.</summary>
    public required IReadOnlyDictionary<DropCause, long> Dropped { get; init; }

    /// <summary>Time since an entry was last dropped because the disk or its budget was full or hung, was given up, or was damaged; null when that has not happened.</summary>
    public required TimeSpan? SinceLastLoss { get; init; }

    /// <summary>Why nothing can be committed at present; null while all is well.</summary>
    public required string? Stalled { get; init; }

    /// <summary>Bytes of the log that could not be read, since the open; how many entries stood in those that an earlier run wrote is not known, and they are in no other count.</summary>
    public required long DamagedBytes { get; init; }

    /// <summary>Entries filed under their arrival, for their own time was before the year 2000 or more than 24 hours ahead.</summary>
    public required long Redated { get; init; }

    /// <summary>Entries stored and not yet delivered.</summary>
    public required long BacklogEntries { get; init; }

    /// <summary>Bytes of sealed objects that wait for delivery, compressed, and of the log that is not yet packed.</summary>
    public required long BacklogBytes { get; init; }

    /// <summary>Bytes the lane takes on disk, its ring included.</summary>
    public required long DiskBytes { get; init; }

    /// <summary>Age of the oldest object that is not delivered, since its first entry was packed; zero when there is none.</summary>
    public required TimeSpan OldestUndeliveredAge { get; init; }

    /// <summary>The longest any append had to wait.</summary>
    public required TimeSpan LongestAppendWait { get; init; }

    /// <summary>The newest failure's message; null when there was none.</summary>
    public required string? LastError { get; init; }

    /// <summary>The journal's directory.</summary>
    public required string LocalDirectory { get; init; }

    /// <summary>The lane of the directory that this process appends to.</summary>
    public required int Lane { get; init; }

    internal static JournalStats Of(JournalCore core)
    {
        Lane lane = core.Host.Lane;
        Dictionary<DropCause, long> dropped = [];
        for (int i = 0; i < DropCounters.Causes; i++)
        {
            if (lane.Log.Dropped[(DropCause)i] is > 0 and long count)
            {
                dropped.Add((DropCause)i, count);
            }
        }

        return new JournalStats
        {
            Enqueued = lane.Log.Appended,
            Uploaded = lane.Backlog.Delivered,
            Queue = new JournalQueueStats(
                core.Host.InFlight,
                lane.Backlog.DeliveredObjects,
                lane.Uploader.Retried,
                lane.Backlog.Count,
                lane.Log.Segments.Count,
                lane.Packer.OpenObjects),
            Dropped = dropped,
            SinceLastLoss = lane.Log.Dropped.SinceLastLoss,
            Stalled = lane.Log.Stalled?.Message ?? core.Host.Failure?.Message,
            DamagedBytes = lane.Log.DamagedBytes,
            Redated = core.Redated,
            BacklogEntries = lane.BacklogEntries,
            BacklogBytes = lane.BacklogBytes,
            DiskBytes = lane.DiskBytes,
            OldestUndeliveredAge = lane.OldestUndeliveredAge(),
            LongestAppendWait = lane.Log.LongestWait,
            LastError = core.Notifier.LastError,
            LocalDirectory = core.Settings.LocalDirectory.Path,
            Lane = core.Lane,
        };
    }
}
