using Sink.Core;

namespace S3Journal.Adapters;

/// <summary>Opens the streams of a front end whose entries have that encoding.</summary>
internal sealed class EntryStreams
{
    private const string Overflow = "_overflow";

    private readonly IEventJournal _journal;
    private readonly EntryEncoding _encoding;
    private readonly Action<JournalFailure> _report;
    private readonly StreamOptions? _options;
    private int _reported;

    /// <exception cref="JournalException">The journal cannot have such streams.</exception>
    public EntryStreams(IEventJournal journal, EntryEncoding encoding, Action<JournalFailure> report)
    {
        _journal = journal;
        _encoding = encoding;
        _report = report;
        _options = OptionsOf(encoding);
        if (_options is not null)
        {
            // Names may come only with events: what can be wrong with the rest must show itself at start.
            journal.CheckStream(_options);
        }
    }

    /// <exception cref="JournalException">It is none of the encodings.</exception>
    public static void Check(EntryEncoding encoding)
    {
        if (!Enum.IsDefined(encoding))
        {
            throw new JournalException($"Encoding is {encoding:D}; write {nameof(EntryEncoding.Json)} or {nameof(EntryEncoding.MessagePack)}.") { IsConfiguration = true };
        }
    }

    /// <summary>
    /// The stream of that name. Where there is no room for it (<see cref="JournalOptions.MaxStreams"/>) its entries go to the journal's stream for overflow, as the journal itself
    /// sends JSON there. That stream's entries are JSON, and so must these be.
    /// </summary>
    /// <exception cref="ArgumentException">The name is not usable.</exception>
    /// <exception cref="JournalException">The stream was opened with other options.</exception>
    public EntryStream Open(string name)
    {
        if (_options is null)
        {
            return Json(name);
        }

        try
        {
            return new EntryStream(_journal.GetStream(name, _options), _encoding, _journal);
        }
        catch (JournalException exception) when (!exception.IsConfiguration)
        {
            if (Interlocked.Exchange(ref _reported, 1) == 0)
            {
                _report(new JournalFailure(
                    JournalFailureKind.Permanent, $"Entries of the stream \"{name}\", and of others for which there is no room, go to the stream {Overflow}, as JSON. {exception.Message}", Exception: exception));
            }

            return Json(Overflow);
        }
    }

    private EntryStream Json(string name) => new(_journal.GetStream(name), EntryEncoding.Json, _journal);

    /// <summary>Null: as the journal's own settings make it.</summary>
    private static StreamOptions? OptionsOf(EntryEncoding encoding) => encoding == EntryEncoding.MessagePack ? new StreamOptions { Encoding = "msgpack" } : null;
}
