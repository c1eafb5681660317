using Sink.Core;

namespace S3Journal.Adapters;

/// <summary>A stream, what its entries must be, and the journal it is of.</summary>
internal sealed record EntryStream(IEventStream Stream, EntryEncoding Encoding, IEventJournal Journal);
