using Sink.Core.Delivery;
using Sink.Core.Log;
using Sink.Core.Packing;

namespace Sink.Core;

/// <summary>A named, ordered sequence of entries. Safe for concurrent use; get one from <see cref="Journal.GetStream"/> and keep it.</summary>
public sealed class JournalStream
{
    private readonly JournalCore _core;
    private readonly JournalLog _log;
    private readonly byte[] _name;
    private readonly uint _nameState;
    private readonly FrameTag _tag;
    private readonly byte[] _encodedDefinition;
    private readonly AppendGate _gate = new();

    /// <summary>The journal knows it by its name, and the log has its definition.</summary>
    private volatile bool _isReady;
    private long _usedAt;

    internal JournalStream(JournalCore core, StreamName name, StreamDefinition? definition, bool isByRules)
    {
        _core = core;
        Definition = definition;
        IsByRules = isByRules;
        _encodedDefinition = definition?.Encode() ?? [];
        _usedAt = core.Clock.Timestamp;
        _tag = FrameTag.Entry(definition?.Number ?? 0);
        _log = core.Host.Lane.Log;
        _name = name.Utf8.ToArray();
        _nameState = _log.NameState(_name);
        Name = name.Name;
    }

    /// <summary>The stream's name, part of its objects' keys.</summary>
    public string Name { get; }

    internal StreamDefinition? Definition { get; }

    /// <summary>Its definition is what any user gets who asks for nothing of his own.</summary>
    internal bool IsByRules { get; }

    /// <summary>Monotonic time, about, of the newest append.</summary>
    internal long UsedAt => Volatile.Read(ref _usedAt);

    /// <summary>Its user closed it; whoever wants the name gets another.</summary>
    internal bool IsClosed => _gate.IsClosed;

    /// <summary>The largest payload that is taken, in bytes: <see cref="JournalOptions.MaxEntryBytes"/>.</summary>
    public int MaxEntryBytes => _core.Settings.MaxEntryBytes;

    /// <summary>
    /// Puts one entry into the journal. Never throws and never waits for the store; when <see cref="AppendResult.Stored"/>
    /// is returned the entry survives the process, and after the next commit the machine.
    /// </summary>
    /// <param name="timestamp">
    /// When the entry happened: chooses the date in the object's key. One before the year 2000 or more than 24 hours
    /// ahead is filed under its arrival, and counted in <see cref="JournalStats.Redated"/>.
    /// </param>
    /// <param name="payload">The entry's bytes: one JSON document, or what <see cref="StreamOptions.Framing"/> says. Line breaks between JSON's tokens become spaces.</param>
    public AppendResult Append(DateTimeOffset timestamp, ReadOnlySpan<byte> payload) => Put(timestamp, payload, out _);

    /// <summary>Puts one entry into the journal and returns after it was synced to the disk.</summary>
    /// <param name="timestamp">As in <see cref="Append"/>.</param>
    /// <param name="payload">As in <see cref="Append"/>.</param>
    /// <param name="timeout">The longest to wait for the sync.</param>
    /// <exception cref="JournalException">The entry was refused, or it is not known whether it is durable ("outcome unknown": it may still be delivered).</exception>
    public void AppendDurable(DateTimeOffset timestamp, ReadOnlySpan<byte> payload, TimeSpan timeout)
    {
        long end = AppendOrThrow(timestamp, payload);
        _core.Host.WakeCommitter();
        _log.WaitDurable(end, timeout);
    }

    /// <summary>Puts one entry into the journal and completes after it was synced to the disk. The payload is taken before the method returns.</summary>
    /// <param name="timestamp">As in <see cref="Append"/>.</param>
    /// <param name="payload">As in <see cref="Append"/>.</param>
    /// <param name="cancellationToken">Ends the wait; the entry is in the journal all the same.</param>
    /// <exception cref="JournalException">The entry was refused, or it is not known whether it is durable ("outcome unknown": it may still be delivered).</exception>
    public Task AppendDurableAsync(DateTimeOffset timestamp, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken = default)
    {
        long end;
        try
        {
            end = AppendOrThrow(timestamp, payload.Span);
        }
        catch (JournalException exception)
        {
            return Task.FromException(exception);
        }

        _core.Host.WakeCommitter();
        return _log.WhenDurableAsync(end, cancellationToken);
    }

    /// <summary>
    /// Closes the stream: seals what it has, and completes when that is delivered. An append afterwards is answered <see cref="AppendResult.Closed"/>, through whomever's
    /// copy of this stream; <see cref="Journal.GetStream"/> and <see cref="Journal.OpenStream"/> open it again, with other options too.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait; the entries are in the journal all the same, and the stream is closed.</param>
    /// <exception cref="JournalException">The disk takes no commit, the journal has failed, or the store refuses objects of the stream.</exception>
    /// <exception cref="OperationCanceledException">The token ended the wait.</exception>
    public async Task CloseAsync(CancellationToken cancellationToken = default)
    {
        // First the gate: who gets the name anew must find no entry of the old one behind its own.
        bool isFirst = !_gate.IsClosed;
        long head = _log.Close(_gate);
        _core.Forget(this);
        if (isFirst && _core.FindOpen(Name) is { } copy && copy.Definition == Definition)
        {
            // The same stream, opened while this copy was idle.
            head = _log.Close(copy._gate);
            _core.Forget(copy);
        }

        await _core.Host.DeliverStreamAsync(Name, head, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes room for other names. Kept by a user it goes on as if nothing had been.</summary>
    internal void Retire()
    {
        _isReady = false;
        _core.Forget(this);
        if (_isReady)
        {
            _core.Register(this);
        }
    }

    private AppendResult Put(DateTimeOffset timestamp, ReadOnlySpan<byte> payload, out long end)
    {
        end = 0;
        if (!_isReady && GetReady(out JournalStream known) is var ready && (ready != AppendResult.Stored || known != this))
        {
            return ready == AppendResult.Stored ? known.Put(timestamp, payload, out end) : ready;
        }

        long now = _log.CommittedAt;
        if (_usedAt != now)
        {
            Volatile.Write(ref _usedAt, now);
        }

        return _log.Append(_name, _nameState, _core.FileUnder(timestamp.UtcTicks), payload, _tag, out end, _gate);
    }

    /// <summary>
    /// Before the first entry, so that none is ever packed without the definition. By each thread that comes before one has done it: a second time it means nothing,
    /// and nobody waits for another. What is refused was counted as the entry's own would have been.
    /// </summary>
    /// <param name="known">Which one has the name; when it is another of the same form, its gate is the one that a close shuts, and entries go through it.</param>
    private AppendResult GetReady(out JournalStream known)
    {
        known = _core.Register(this);
        if (known != this)
        {
            return Through(known);
        }

        if (Definition is not null && _log.Append(_name, _nameState, _core.Clock.UtcNow.UtcTicks, _encodedDefinition, FrameTag.Definition(_tag.Number), out _, _gate) is not AppendResult.Stored and var refused)
        {
            return refused;
        }

        // In this order: whoever retires the stream meanwhile either sees the first or comes before the second.
        _isReady = true;
        known = _core.Register(this);
        return known == this ? AppendResult.Stored : Through(known);
    }

    private AppendResult Through(JournalStream known)
    {
        _isReady = false;
        return !IsClosed && known.Definition == Definition ? AppendResult.Stored : RefusedForAnother();
    }

    /// <summary>While this one was idle the name was opened with other options: entries of both forms would not go into one object.</summary>
    private AppendResult RefusedForAnother()
    {
        _log.Dropped.Add(DropCause.Closed);
        return AppendResult.Closed;
    }

    private long AppendOrThrow(DateTimeOffset timestamp, ReadOnlySpan<byte> payload)
    {
        if (!_core.Settings.Fsync)
        {
            throw new JournalException("A durable append needs Fsync: with it off nothing is synced when the call returns. Set Fsync, or use Append.") { IsConfiguration = true };
        }

        return Put(timestamp, payload, out long end) switch
        {
            AppendResult.Stored => end,
            AppendResult.TooLarge => throw new JournalException($"The entry has {payload.Length} bytes, more than MaxEntryBytes ({_core.Settings.MaxEntryBytes})."),
            AppendResult.Closed => throw new JournalException(_log.IsClosed ? "The journal is closed." : $"The stream \"{Name}\" is closed; get it from the journal again."),
            _ => throw new JournalException($"The entry was not stored: {_log.Stalled?.Message ?? "the ring is full and the disk did not take it over in time."}", _log.Stalled),
        };
    }
}
