namespace Sink.Core.Packing;

/// <summary>What a checkpoint says of a stream with a definition.</summary>
/// <param name="Stream">Its name.</param>
/// <param name="Number">By which entries name the definition: see <see cref="Log.FrameTag"/>.</param>
/// <param name="Since">Position of the definition in the log.</param>
/// <param name="OwnCompression">Whether its objects are compressed as the definition says, and not as the journal's are: when it asks for nothing, or what it asks for failed.</param>
/// <param name="Definition">As <see cref="StreamDefinition.Encode"/> gives it.</param>
internal sealed record StreamRecord(string Stream, int Number, long Since, bool OwnCompression, byte[] Definition);
