using Sink.Core.Storage;

namespace Sink.Core.Tests.Fakes;

/// <summary>One call that is about to be made; a rename gives its target as <paramref name="Target"/>.</summary>
internal readonly record struct DiskCall(
    DiskCallKind Kind, string Directory, string Name, SyncSite? Site = null, long Offset = 0, long Length = 0, string? Target = null);
