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
    private volatile bool _isDefined;

    internal JournalStream(JournalCore core, StreamName name, StreamDefinition? definition)
    {
        _core = core;
        Definition = definition;
        _encodedDefinition = definition?.Encode() ?? [];
        _isDefined = definition is null;
        _tag = FrameTag.Entry(definition?.Number ?? 0);
        _log = core.Host.Lane.Log;
        _name = name.Utf8.ToArray();
        _nameState = _log.NameState(_name);
        Name = name.Name;
    }

    /// <summary>The stream's name, part of its objects' keys.</summary>
    public string Name { get; }

    internal StreamDefinition? Definition { get; }

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

    private AppendResult Put(DateTimeOffset timestamp, ReadOnlySpan<byte> payload, out long end)
    {
        end = 0;
        if (!_isDefined && Define() is not AppendResult.Stored and var refused)
        {
            // It was counted as the entry's own would have been.
            return refused;
        }

        return _log.Append(_name, _nameState, _core.FileUnder(timestamp.UtcTicks), payload, _tag, out end);
    }

    /// <summary>Before the first entry, so that none is ever packed without. By each thread that comes before one has done it: a second time it means nothing, and nobody waits for another.</summary>
    private AppendResult Define()
    {
        AppendResult result = _log.Append(_name, _nameState, _core.Clock.UtcNow.UtcTicks, _encodedDefinition, FrameTag.Definition(_tag.Number), out _);
        if (result == AppendResult.Stored)
        {
            _isDefined = true;
        }

        return result;
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
            AppendResult.Closed => throw new JournalException("The journal is closed."),
            _ => throw new JournalException($"The entry was not stored: {_log.Stalled?.Message ?? "the ring is full and the disk did not take it over in time."}", _log.Stalled),
        };
    }
}
