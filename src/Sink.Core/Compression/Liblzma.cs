using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sink.Core.Compressing;

/// <summary>The system's liblzma, of XZ Utils 5.0 or later (lzma.h). Not every machine has it: ask <see cref="IsPresent"/> before any call.</summary>
internal static unsafe partial class Liblzma
{
    /// <summary>What an <c>lzma_stream</c> takes, and more: 136 bytes where pointers have 8.</summary>
    public const int StateBytes = 256;

    /// <summary>What an <c>lzma_options_lzma</c> takes, and more: 112 bytes where pointers have 8. It begins with the size of the dictionary, a u32.</summary>
    public const int OptionsBytes = 256;

    public const ulong Lzma2Filter = 0x21;
    public const ulong NoFilter = ulong.MaxValue;
    public const int Crc64 = 4;

    public const int Run = 0;
    public const int Finish = 3;

    /// <summary>An unknown kind of checksum is an error, instead of not being looked at.</summary>
    public const uint TellUnsupportedCheck = 0x02;
    public const uint Concatenated = 0x08;

    private const string Library = "liblzma";

    private static readonly nint _library = Bind();

    public static bool IsPresent => _library != 0;

    /// <summary>Names of the library as it is installed, the likeliest first. Homebrew puts it where nothing searches.</summary>
    private static string[] Candidates =>
        OperatingSystem.IsWindows() ? ["liblzma.dll", "lzma.dll"]
        : OperatingSystem.IsMacOS() ? ["liblzma.5.dylib", "/usr/lib/liblzma.5.dylib", "/opt/homebrew/lib/liblzma.5.dylib", "/usr/local/lib/liblzma.5.dylib", "liblzma.dylib"]
        : ["liblzma.so.5", "liblzma.so"];

    [LibraryImport(Library, EntryPoint = "lzma_lzma_preset")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial byte FindPreset(byte* options, uint level);

    [LibraryImport(Library, EntryPoint = "lzma_stream_encoder")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial XzStatus BeginEncoding(State* state, Filter* filters, int check);

    [LibraryImport(Library, EntryPoint = "lzma_stream_decoder")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial XzStatus BeginDecoding(State* state, ulong mostMemory, uint flags);

    [LibraryImport(Library, EntryPoint = "lzma_code")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial XzStatus Code(State* state, int action);

    [LibraryImport(Library, EntryPoint = "lzma_end")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial void End(State* state);

    private static nint Bind()
    {
        Assembly assembly = typeof(Liblzma).Assembly;
        nint library = 0;
        foreach (string name in Candidates)
        {
            // Not the working directory, which anybody may have put something into.
            if (NativeLibrary.TryLoad(name, assembly, DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory, out library)
                && NativeLibrary.TryGetExport(library, "lzma_stream_decoder", out _))
            {
                NativeLibrary.SetDllImportResolver(assembly, (wanted, _, _) => wanted == Library ? library : 0);
                return library;
            }
        }

        return 0;
    }

    /// <summary>The beginning of an <c>lzma_stream</c>; what follows is liblzma's own, or reserved.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct State
    {
        public byte* NextIn;
        public nuint AvailableIn;
        public ulong TotalIn;
        public byte* NextOut;
        public nuint AvailableOut;
        public ulong TotalOut;
    }

    /// <summary>An <c>lzma_filter</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Filter
    {
        public ulong Id;
        public void* Options;
    }
}
