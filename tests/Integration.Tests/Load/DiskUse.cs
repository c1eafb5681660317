using System.Diagnostics;
using System.Globalization;

namespace Integration.Tests.Load;

/// <summary>What a directory takes on its disk, in whole blocks, as <c>du</c> counts.</summary>
internal static class DiskUse
{
    public static long Of(string directory)
    {
        using Process du = Process.Start(new ProcessStartInfo("du", ["-sk", directory]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        _ = du.StandardError.ReadToEndAsync();

        // Files come and go meanwhile, which it complains about, and counts the rest.
        string output = du.StandardOutput.ReadToEnd();
        du.WaitForExit();
        return long.Parse(output.Split('\t')[0], CultureInfo.InvariantCulture) * 1024;
    }
}
