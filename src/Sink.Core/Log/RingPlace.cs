using Sink.Core.Storage;

namespace Sink.Core.Log;

/// <summary>Where a ring lies; no directory when it is gone, as a memory file system is after the machine's restart.</summary>
internal readonly record struct RingPlace(StorageDirectory? Directory, string Name);
