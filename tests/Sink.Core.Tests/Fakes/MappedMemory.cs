using System.Runtime.InteropServices;

namespace Sink.Core.Tests.Fakes;

/// <summary>The pages of a mapped file, shared by all its maps. Stores to them are seen by the disk when it looks.</summary>
internal sealed unsafe class MappedMemory
{
    private byte* _address;

    public MappedMemory(long length)
    {
        Length = length;
        _address = (byte*)NativeMemory.AlignedAlloc((nuint)length, SparseBytes.PageBytes);
    }

    ~MappedMemory() => NativeMemory.AlignedFree(_address);

    public byte* Address => _address;

    public long Length { get; }

    /// <summary>Maps that are not disposed.</summary>
    public int Users { get; set; }

    /// <summary>One map less; with the last one the memory goes, and not when the collector comes.</summary>
    public void Release()
    {
        if (--Users == 0)
        {
            NativeMemory.AlignedFree(_address);
            _address = null;
            GC.SuppressFinalize(this);
        }
    }

    /// <summary>The part of <paramref name="length"/> bytes at <paramref name="offset"/> that lies in the map.</summary>
    public Span<byte> At(long offset, int length) =>
        offset >= Length ? [] : new Span<byte>(_address + offset, (int)Math.Min(length, Length - offset));
}
