using System.Collections.Concurrent;
using Sink.Core.Compressing;
using Sink.Core.Delivery;
using Sink.Core.Delivery.S3;
using Sink.Core.Diagnostics;
using Sink.Core.Lanes;
using Sink.Core.Log;
using Sink.Core.Options;
using Sink.Core.Packing;
using Sink.Core.Storage;

namespace Sink.Core;

/// <summary>The one journal of a process for a directory; <see cref="Journal"/> is a handle on it.</summary>
internal sealed class JournalCore
{
    private const string OverflowStream = "_overflow";

    private const long MaxHeaderBytes = 16L << 20;

    private static readonly long _year2000 = new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;

    private static readonly TimeSpan _lookForIdleEvery = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan _mostAtExit = TimeSpan.FromSeconds(1);

    private readonly JournalSettings _settings;
    private readonly LaneAdopter _adopter;
    private readonly ObjectStore _store;
    private readonly ConcurrentDictionary<string, JournalStream> _streams = new(StringComparer.Ordinal);
    private readonly HashSet<StreamDefinition> _definitions = [];
    private int _overflowReported;
    private long _dayAhead;
    private long _redated;
    private long _lookedForIdleAt = long.MinValue / 2;

    private JournalCore(JournalSettings settings, JournalClock clock, ObjectStore store, LaneHost host, LaneAdopter adopter)
    {
        _settings = settings;
        _store = store;
        _adopter = adopter;
        Clock = clock;
        Host = host;
    }

    public JournalSettings Settings => _settings;

    public JournalClock Clock { get; }

    public required Notifier Notifier { get; init; }

    /// <summary>The lane this process appends to.</summary>
    public LaneHost Host { get; }

    public int Lane => Host.Lane.Place.Number;

    /// <summary>Entries filed under their arrival, for their own time was before 2000 or more than a day ahead.</summary>
    public long Redated => Volatile.Read(ref _redated);

    /// <exception cref="JournalException">The directory or the destination cannot be used.</exception>
    public static JournalCore Open(JournalSettings settings)
    {
        Notifier notifier = new(settings.ReportToStandardError);
        notifier.AddListeners(settings.FailureListeners);
        notifier.AddDeliveryListeners(settings.DeliveryListeners);
        JournalClock clock = new(settings.TimeProvider);
        LaneSettings laneSettings = LaneSettings.From(settings);
        LaneHost? host = null;
        ObjectStore? store = null;
        bool isOpen = false;
        try
        {
            StorageDirectory root = settings.OpenDirectory(settings.LocalDirectory.Path);
            StorageDirectory? rings = settings.RingDirectory is { } path ? settings.OpenDirectory(path) : null;
            store = CreateStore(settings);
            LaneDirectories lanes = new(root);
            (StorageDirectory directory, int number, IDisposable laneLock) = lanes.Take(settings.Exclusive);
            host = LaneHost.Open(Place(directory, number), laneLock, laneSettings, settings.MaxConcurrentUploads, notifier.Report);
            LaneAdopter adopter = new(lanes, number, Place, orphan => LaneHost.Open(orphan.Place, orphan.Lock, laneSettings, settings.MaxConcurrentUploads, notifier.Report), clock) { Report = notifier.Report };
            adopter.Start();
            if (settings.LocalDirectory.IsTemporary)
            {
                notifier.Report(new JournalFailure(JournalFailureKind.Temporary, $"The journal lies in {settings.LocalDirectory.Path}, which may not outlive the machine's next start: what is not delivered by then is lost. Set LocalDirectory or S3JOURNAL_DIRECTORY."));
            }

            foreach (Compression compression in settings.Streams.Select(static rule => rule.Compression).OfType<Compression>().Prepend(settings.Compression).Distinct())
            {
                if (Compressors.Advice(compression) is { } advice)
                {
                    notifier.Report(new JournalFailure(JournalFailureKind.Advice, advice));
                }
            }

            isOpen = true;
            return new JournalCore(settings, clock, store, host, adopter) { Notifier = notifier };

            LanePlace Place(StorageDirectory directory, int number) => new(directory, rings ?? directory, number, store, clock)
            {
                OpenElsewhere = path => TryOpen(settings, path),
                OnDelivered = notifier.Tell,
            };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            host?.Close(TimeSpan.Zero);
            string cure = DiskBudget.IsFull(exception) ? "Make room on its volume" : "Make the directory writable for this user";
            throw new JournalException($"The journal in {settings.LocalDirectory.Path} cannot be opened: {exception.Message} {cure}, or name another LocalDirectory.", exception);
        }
        finally
        {
            if (!isOpen && host?.HasEnded != false && store is not null)
            {
                Dispose(store, notifier, _mostAtExit);
            }
        }
    }

    private static ObjectStore CreateStore(JournalSettings settings)
    {
        if (settings.CreateStore is { } create)
        {
            return CustomStore.Create(create);
        }

        // Without retries of the client's own: deliveries have one schedule, the uploader's.
        return settings.S3 is { } s3
            ? new S3Store(s3, retries: 0)
            : new DirectoryStore(() => settings.OpenDirectory(settings.Destination.DirectoryPath!).FollowingLinks(), settings.Destination.Location);
    }

    /// <summary>A store's own code may block there, or throw: the thread that closes the journal waits no longer than that, and hears nothing.</summary>
    private static void Dispose(ObjectStore store, Notifier notifier, TimeSpan timeout)
    {
        if (store is not CustomStore)
        {
            store.Dispose();
            return;
        }

        TaskCompletionSource done = new();
        new LoopThread("s3journal store", store.Dispose, OnFailure, done.SetResult).Start();
        done.Task.Wait(timeout > TimeSpan.Zero ? timeout : TimeSpan.Zero);

        void OnFailure(Exception exception) =>
            notifier.Report(new JournalFailure(JournalFailureKind.Temporary, $"{store.Location} threw as it was disposed: {exception.Message}", 0, exception));
    }

    private static StorageDirectory? TryOpen(JournalSettings settings, string path)
    {
        try
        {
            return settings.OpenDirectory(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Its volume is gone, and with it the ring; or the path is none, for nothing guards that file against rot.
            return null;
        }
    }

    /// <summary>The stream of that name; beyond the bound of streams, the one for overflow.</summary>
    /// <exception cref="JournalException">It was opened with options of its own.</exception>
    public JournalStream GetStream(string name)
    {
        if (_streams.TryGetValue(name, out JournalStream? stream))
        {
            return stream.IsByRules ? stream : StreamChecks.Same(stream, DefineByRules(name));
        }

        StreamName checkedName = new(name);
        if (!HasRoom() && name != OverflowStream)
        {
            if (Interlocked.Exchange(ref _overflowReported, 1) == 0)
            {
                Notifier.Report(new JournalFailure(JournalFailureKind.Permanent, $"There are {_settings.MaxStreams} streams (MaxStreams); entries of further ones, \"{name}\" the first, go to the stream {OverflowStream}."));
            }

            return GetStream(OverflowStream);
        }

        StreamDefinition? definition = DefineByRules(name);
        NoteDefinition(name, definition);
        return StreamChecks.Same(_streams.GetOrAdd(name, new JournalStream(this, checkedName, definition, isByRules: true)), definition);
    }

    /// <summary>The stream of that name with whatever options it has; opened when it is not.</summary>
    public JournalStream FindStream(string name) => _streams.TryGetValue(name, out JournalStream? stream) ? stream : GetStream(name);

    private StreamDefinition? DefineByRules(string name) => StreamChecks.Define(StreamChecks.ByRules(name, _settings), _settings);

    /// <summary>Whether there may be another stream; when there are too many, those that are idle go first.</summary>
    private bool HasRoom()
    {
        if (_streams.Count < _settings.MaxStreams)
        {
            return true;
        }

        long lookedAt = Volatile.Read(ref _lookedForIdleAt);
        if (Clock.Since(lookedAt) >= _lookForIdleEvery && Interlocked.CompareExchange(ref _lookedForIdleAt, Clock.Timestamp, lookedAt) == lookedAt)
        {
            foreach (JournalStream stream in _streams.Values)
            {
                if (Clock.Since(stream.UsedAt) >= _settings.IdleTimeout)
                {
                    stream.Retire();
                }
            }
        }

        return _streams.Count < _settings.MaxStreams;
    }

    /// <summary>False when another stream of that name, with other options, was opened meanwhile.</summary>
    public bool Register(JournalStream stream)
    {
        JournalStream known = _streams.GetOrAdd(stream.Name, stream);
        return known == stream || known.Definition == stream.Definition;
    }

    public void Forget(JournalStream stream) => _streams.TryRemove(KeyValuePair.Create(stream.Name, stream));

    /// <exception cref="JournalException">The options are wrong, or others than the stream was opened with; or there are too many streams.</exception>
    public JournalStream OpenStream(string name, StreamOptions options)
    {
        StreamDefinition? definition = StreamChecks.Define(options.Over(StreamChecks.ByRules(name, _settings)), _settings);
        if (definition == DefineByRules(name))
        {
            return GetStream(name);
        }

        if (!_streams.TryGetValue(name, out JournalStream? stream))
        {
            StreamName checkedName = new(name);
            if (!HasRoom())
            {
                // The stream for overflow is of another form.
                throw new JournalException($"There are {_settings.MaxStreams} streams (MaxStreams), and \"{name}\" is not one of them; raise MaxStreams.");
            }

            if (name == OverflowStream)
            {
                throw new JournalException($"The stream {OverflowStream} takes entries of many streams and has no options of its own; choose another name.") { IsConfiguration = true };
            }

            NoteDefinition(name, definition);
            stream = _streams.GetOrAdd(name, new JournalStream(this, checkedName, definition, isByRules: false));
        }

        return StreamChecks.Same(stream, definition);
    }

    /// <summary>Checkpoints hold each definition once: their sum is bounded.</summary>
    private void NoteDefinition(string name, StreamDefinition? definition)
    {
        if (definition is null)
        {
            return;
        }

        lock (_definitions)
        {
            long all = _definitions.Sum(static known => (long)known.Header.Length) + definition.Header.Length;
            if (!_definitions.Contains(definition) && all > MaxHeaderBytes)
            {
                throw new JournalException($"The headers of all streams may have {MaxHeaderBytes >> 20} MiB together, each that is the same counted once; that of \"{name}\" is too much.");
            }

            _definitions.Add(definition);
        }
    }

    /// <summary>Completes when what was appended before is synced.</summary>
    public Task CommitAsync(CancellationToken cancellationToken)
    {
        // Before the wake: what comes later may wait for a commit of its own.
        long head = Host.Lane.Log.Head;
        Host.WakeCommitter();
        return Host.Lane.Log.WhenDurableAsync(head, cancellationToken);
    }

    /// <summary>
    /// The time an entry is filed under. Decided once, at append, and kept in the frame: decided again when it is packed
    /// after a restart, it would choose another object.
    /// </summary>
    public long FileUnder(long utcTicks)
    {
        if (utcTicks <= Volatile.Read(ref _dayAhead) && utcTicks >= _year2000)
        {
            return utcTicks;
        }

        long now = Clock.UtcNow.UtcTicks;
        Volatile.Write(ref _dayAhead, now + TimeSpan.TicksPerDay);
        if (utcTicks <= now + TimeSpan.TicksPerDay && utcTicks >= _year2000)
        {
            return utcTicks;
        }

        Interlocked.Increment(ref _redated);
        return now;
    }

    /// <summary>Commits what was appended, within a second: for the end of the process.</summary>
    public void CommitNow()
    {
        JournalLog log = Host.Lane.Log;
        long head = log.Head;
        long begun = TimeProvider.System.GetTimestamp();
        Host.WakeCommitter();
        while (log.Durable < head && log.Stalled is null && _mostAtExit - TimeProvider.System.GetElapsedTime(begun) is { Ticks: > 0 } left)
        {
            log.Queue.WaitForRoom(() => log.Durable >= head, left);
        }
    }

    /// <summary>Closes everything within the shutdown time-out, and reports what stays.</summary>
    public void Close()
    {
        // One deadline over all of it: the time-out, and a second for threads and listeners to come to their end.
        long begun = TimeProvider.System.GetTimestamp();
        _adopter.Stop();
        long stays = Host.Close(_settings.ShutdownTimeout);
        _adopter.Join(Left());
        if (stays > 0 || Host.Lane.IsBehind)
        {
            string least = Host.Lane.IsBehind ? "At least " : "";
            Notifier.Report(new JournalFailure(JournalFailureKind.Final, $"{least}{stays} entries stay in {_settings.LocalDirectory.Path}; the next process that opens it delivers them to {_store.Location}.", stays));
        }

        if (Host.HasEnded)
        {
            Dispose(_store, Notifier, Left());
        }

        Notifier.Drain(Left());
        JournalMeter.Retire(Host.Lane);

        TimeSpan Left() => _settings.ShutdownTimeout + TimeSpan.FromSeconds(1) - TimeProvider.System.GetElapsedTime(begun);
    }
}
