namespace Sink.Core.Packing;

/// <summary>One self-contained piece of a staged object: its length, the CRC-32C it was written with, its entries and their bytes before compression. So rot costs the frame it hits, not the object.</summary>
internal readonly record struct CompressedFrame(int Length, uint Checksum, int Entries, int RawBytes);
