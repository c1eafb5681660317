using System.Buffers;

namespace Sink.Core;

/// <summary>An event that names the stream it belongs to, from its own data: see <see cref="Journal.Append"/>.</summary>
public interface IStorableEvent
{
    /// <summary>The stream's name, as <see cref="Journal.GetStream"/> takes it: segments joined with '/'. For parts that come from data see <see cref="Journal.EncodeStreamSegment"/>.</summary>
    string StoragePath { get; }

    /// <summary>When it happened: chooses the date in the object's key, as in <see cref="JournalStream.Append"/>.</summary>
    DateTimeOffset Timestamp { get; }

    /// <summary>Writes the entry: one JSON document, or what the stream's <see cref="StreamOptions.Encoding"/> says. Called once for each append, by its caller's thread.</summary>
    void WritePayload(IBufferWriter<byte> output);
}
