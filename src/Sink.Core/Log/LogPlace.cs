using Sink.Core.Storage;

namespace Sink.Core.Log;

/// <summary>Where a lane's log lies, and how large its parts are.</summary>
internal sealed record LogPlace(StorageDirectory Directory, StorageDirectory RingDirectory, string RingName, long RingBytes, long SegmentBytes);
