using System.Runtime.InteropServices;

namespace Sink.Core.Tests.Paths;

/// <summary>A second name for a file, which .NET does not make.</summary>
internal static partial class HardLink
{
    public static void Make(string from, string to) =>
        Assert.True(Link(from, to) == 0, Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError()));

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string from, string to);
}
