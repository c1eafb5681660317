namespace Sink.Core.Packing;

/// <summary>A compressor threw at each try. It was reported; packing goes back to the last checkpoint, and on without it.</summary>
internal sealed class CompressorFailedException(string compressor, Exception cause)
    : Exception($"The compressor '{compressor}' fails: {cause.Message}", cause);
