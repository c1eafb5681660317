using System.Runtime.InteropServices;

namespace Sink.Core.Compressing;

/// <summary>
/// An encoder or decoder of liblzma. It may begin again at any time, and then keeps the memory it has. Held until it is disposed,
/// or until nobody knows of it any more.
/// </summary>
internal sealed unsafe class XzCoder : SafeHandle
{
    /// <exception cref="JournalException">liblzma is not installed.</exception>
    public XzCoder()
        : base(0, ownsHandle: true)
    {
        XzCompressor.ThrowIfMissing();
        SetHandle((nint)NativeMemory.AllocZeroed(Liblzma.StateBytes));
    }

    public override bool IsInvalid => handle == 0;

    private Liblzma.State* State => (Liblzma.State*)handle;

    /// <summary>Begins a stream with CRC-64, as the xz tool does.</summary>
    /// <param name="level">0 to 9, as of the tool.</param>
    /// <param name="mostDictionary">What the level's dictionary is cut down to; 4 KiB at least.</param>
    public void BeginEncoding(int level, int mostDictionary)
    {
        ulong* options = stackalloc ulong[Liblzma.OptionsBytes / sizeof(ulong)];
        if (Liblzma.FindPreset((byte*)options, (uint)level) != 0)
        {
            throw new InvalidOperationException($"liblzma knows no level {level}.");
        }

        uint* dictionary = (uint*)options;
        *dictionary = Math.Min(*dictionary, (uint)mostDictionary);
        Liblzma.Filter* filters = stackalloc Liblzma.Filter[2];
        filters[0] = new Liblzma.Filter { Id = Liblzma.Lzma2Filter, Options = options };
        filters[1] = new Liblzma.Filter { Id = Liblzma.NoFilter };
        using Use use = new(this);
        Check(Liblzma.BeginEncoding(State, filters, Liblzma.Crc64));
    }

    /// <summary>Begins to read streams one after the other, with zeroes between them in fours.</summary>
    /// <param name="mostMemory">Bytes that the decoder may take; a stream that wants more gives <see cref="XzStatus.MemoryLimit"/>.</param>
    public void BeginDecoding(int mostMemory)
    {
        using Use use = new(this);
        Check(Liblzma.BeginDecoding(State, (ulong)mostMemory, Liblzma.Concatenated | Liblzma.TellUnsupportedCheck));
    }

    /// <summary>Goes on as far as input and output reach.</summary>
    /// <param name="input">What comes next; what was not taken must come again.</param>
    /// <param name="output">Takes what comes out.</param>
    /// <param name="isLast">Nothing comes behind the input.</param>
    /// <param name="taken">Bytes of the input that were taken.</param>
    /// <param name="written">Bytes written to the output, also beside an error.</param>
    public XzStatus Code(ReadOnlySpan<byte> input, Span<byte> output, bool isLast, out int taken, out int written)
    {
        using Use use = new(this);
        fixed (byte* from = input, to = output)
        {
            State->NextIn = from;
            State->AvailableIn = (nuint)input.Length;
            State->NextOut = to;
            State->AvailableOut = (nuint)output.Length;
            XzStatus status = Liblzma.Code(State, isLast ? Liblzma.Finish : Liblzma.Run);
            taken = input.Length - (int)State->AvailableIn;
            written = output.Length - (int)State->AvailableOut;
            return status;
        }
    }

    protected override bool ReleaseHandle()
    {
        Liblzma.End(State);
        NativeMemory.Free(State);
        return true;
    }

    private static void Check(XzStatus status)
    {
        if (status != XzStatus.Ok)
        {
            throw status == XzStatus.NoMemory
                ? new InsufficientMemoryException("There is not enough memory for xz.")
                : new InvalidOperationException($"liblzma refuses to begin: {status}.");
        }
    }

    /// <summary>Keeps another thread's Dispose from freeing what is in use.</summary>
    private readonly ref struct Use : IDisposable
    {
        private readonly XzCoder _coder;

        public Use(XzCoder coder)
        {
            bool isHeld = false;
            coder.DangerousAddRef(ref isHeld);
            _coder = coder;
        }

        public void Dispose() => _coder.DangerousRelease();
    }
}
