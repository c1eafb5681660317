using System.Runtime.InteropServices;

namespace Benchmarks.Measuring;

/// <summary>CPU time of the calling thread: what others do on the machine is not in it.</summary>
internal static partial class ThreadTime
{
    private const int ClockThreadCpuTime = 3;

    /// <summary>Where the clock's number is known.</summary>
    public static bool IsThere => OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    public static double Nanoseconds
    {
        get
        {
            Marshal.ThrowExceptionForHR(GetTime(ClockThreadCpuTime, out TimeSpec time));
            return (time.Seconds * 1e9) + time.Nanoseconds;
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct TimeSpec
    {
        public readonly long Seconds;
        public readonly long Nanoseconds;
    }
}
