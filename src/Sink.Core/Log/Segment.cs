namespace Sink.Core.Log;

/// <summary>A segment file and its size.</summary>
internal readonly record struct Segment(SegmentName Name, long FileBytes);
