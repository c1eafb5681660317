using System.Collections.Concurrent;
using System.Text;
using Sink.Core.Diagnostics;
using Sink.Core.Storage;
using Sink.Core.Tests.Fakes;

namespace Sink.Core.Tests.Journals;

/// <summary>Journals with real threads over a disk and a store in memory that fail as a test says.</summary>
internal sealed class JournalBench
{
    /// <summary>No test comes near it; one that does has found a hang.</summary>
    public static readonly TimeSpan Generous = TimeSpan.FromSeconds(30);

    private readonly List<JournalFailure> _failures = [];
    private readonly ConcurrentBag<Notifier> _notifiers = [];
    private readonly string _path = $"/bench-{Guid.NewGuid():N}";

    public MemoryDisk Disk { get; init; } = new();

    public ScriptedStore Store { get; init; } = new();

    /// <summary>Called before each call of the disk, without a lock.</summary>
    public Action<DiskCall>? BeforeCall { get; set; }

    /// <summary>All that were reported before the call: listeners hear of them on a thread of their own.</summary>
    public IReadOnlyList<JournalFailure> Failures
    {
        get
        {
            Assert.All(_notifiers, notifier => Assert.True(notifier.Drain(Generous)));
            lock (_failures)
            {
                return [.. _failures];
            }
        }
    }

    /// <summary>Into <see cref="Store"/>, where no other is named. Small, uncompressed, and delivered only by a flush or at the end, so that counts are the test's.</summary>
    public JournalOptions Options(Action<JournalOptions>? change = null)
    {
        JournalOptions options = new()
        {
            LocalDirectory = _path,
            Id = "web01",
            RingBytes = 64 << 10,
            SegmentBytes = 128 << 10,
            SmallestSegmentBytes = 4096,
            MaxEntryBytes = 8 << 10,
            MaxBatchLatency = TimeSpan.FromMilliseconds(5),
            MaxObjectAge = TimeSpan.FromHours(1),
            MinFreeDiskBytes = 0,
            Compression = Compression.None,
            ReportToStandardError = false,
            OpenDirectory = path => new HookedDirectory(Disk.Root.CreateDirectory(path.Trim('/').Replace('/', '-'), SyncSite.JournalDirectory), call => BeforeCall?.Invoke(call)),
        };
        options.OnFailure(failure =>
        {
            lock (_failures)
            {
                _failures.Add(failure);
                Monitor.PulseAll(_failures);
            }
        });
        change?.Invoke(options);
        if (options.Destination is null && options.CreateStore is null)
        {
            options.UseObjectStore(() => Store);
        }

        return options;
    }

    public Journal Open(Action<JournalOptions>? change = null)
    {
        JournalOptions options = Options(change);
        Journal journal = Journal.Open(options);
        _notifiers.Add(JournalRegistry.All().Single(core => core.Settings.LocalDirectory.Path == options.LocalDirectory).Notifier);
        return journal;
    }

    /// <summary>The first failure that the test looks for.</summary>
    public JournalFailure WaitForFailure(Func<JournalFailure, bool> match)
    {
        long end = Environment.TickCount64 + (long)Generous.TotalMilliseconds;
        lock (_failures)
        {
            while (true)
            {
                if (_failures.FirstOrDefault(match) is { } found)
                {
                    return found;
                }

                int left = (int)(end - Environment.TickCount64);
                if (left <= 0)
                {
                    throw new TimeoutException($"No such failure among: {string.Join(" | ", _failures)}");
                }

                Monitor.Wait(_failures, left);
            }
        }
    }

    public static byte[] Entry(int n, int length = 0) => Encoding.UTF8.GetBytes($"{{\"n\":{n}{(length > 0 ? ",\"x\":\"" + new string('x', length) + "\"" : "")}}}");

    public static AppendResult Append(Journal journal, int n, string stream = "orders", int length = 0) =>
        journal.GetStream(stream).Append(DateTimeOffset.UtcNow, Entry(n, length));

    /// <summary>Asks again and again, for state that nothing announces.</summary>
    public static void Until(Func<bool> condition)
    {
        if (!SpinWait.SpinUntil(condition, Generous))
        {
            throw new TimeoutException("The state did not come.");
        }
    }

    /// <summary>A loop may still be in the pause of its last failure.</summary>
    public static async Task<FlushResult> FlushWhenItCan(Journal journal)
    {
        while (true)
        {
            try
            {
                return await journal.FlushAsync().WaitAsync(Generous);
            }
            catch (JournalException)
            {
                // Once more: it is what the test waits for.
            }
        }
    }
}
