namespace Sink.Core.Log;

/// <summary>
/// Two bytes of a frame's header that say what it is. Bit 0: the payload is a stream's definition, and no entry. The other 15: the number of the definition that an entry was
/// appended under, 0 for none. Of a tail that no sync had reached a power loss may take any page: an entry without its definition must not be packed by an older one.
/// </summary>
internal readonly record struct FrameTag(ushort Bits)
{
    public const int LargestNumber = 0x7FFF;

    /// <summary>An entry of a stream as the journal's own settings make it.</summary>
    public static FrameTag Plain => default;

    public bool IsDefinition => (Bits & 1) != 0;

    public int Number => Bits >> 1;

    public static FrameTag Definition(int number) => new((ushort)((number << 1) | 1));

    public static FrameTag Entry(int number) => new((ushort)(number << 1));
}
