
namespace Sink.Core.Reading;

/// <summary>What a listing found: objects of journals, those of other systems, and what is neither.</summary>
internal sealed class Listing(ReaderCompressors compressors)
{
    private const int MaxWarnings = 1000;

    private readonly List<JournalObject> _objects = [];
    private readonly List<ForeignObject> _foreign = [];
    private readonly List<string> _warnings = [];
    private long _left;

    /// <summary>Only objects of this stream; null is all.</summary>
    public required string? Stream { get; init; }

    public required DateTimeOffset? From { get; init; }

    public required DateTimeOffset? To { get; init; }

    /// <summary>Of the stream, whatever their times: their order is that of whole writers.</summary>
    public IReadOnlyList<JournalObject> Objects => _objects;

    public IReadOnlyList<ForeignObject> Foreign => _foreign;

    public IReadOnlyList<string> Warnings => _left < MaxWarnings ? _warnings : [.. _warnings, $"{_left - MaxWarnings + 1} more are left out."];

    public void Add(StoredObject stored)
    {
        if (JournalObjects.Read(stored, compressors, out string fault) is { } found)
        {
            if (Stream is null || found.Stream == Stream)
            {
                _objects.Add(found);
            }
        }
        else if (JournalObjects.ReadForeign(stored) is { } foreign)
        {
            if (Stream is null && Touches(foreign.Start, foreign.End ?? foreign.Start))
            {
                _foreign.Add(foreign);
            }
        }
        else
        {
            _left++;
            if (_left < MaxWarnings)
            {
                _warnings.Add($"'{stored.Key}' is left out: {fault}.");
            }
        }
    }

    /// <summary>Whether an object of these times is asked for: both ends count.</summary>
    public bool Touches(DateTimeOffset start, DateTimeOffset end) => (From is null || end >= From) && (To is null || start <= To);
}
