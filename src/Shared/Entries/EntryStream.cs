using Sink.Core;

namespace S3Journal.Adapters;

/// <summary>A stream, and what its entries must be.</summary>
internal sealed record EntryStream(IEventStream Stream, EntryEncoding Encoding);
