namespace Sink.Core.Delivery;

/// <summary>Ordinals of neighbouring objects, both ends included.</summary>
internal readonly record struct OrdinalRange(long From, long To);
