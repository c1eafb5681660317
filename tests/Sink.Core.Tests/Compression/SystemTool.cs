using System.ComponentModel;
using System.Diagnostics;

namespace Sink.Core.Tests.Compressing;

/// <summary>A program of the system as a filter from bytes to bytes.</summary>
internal static class SystemTool
{
    /// <summary>What the program wrote; null when it is not installed.</summary>
    public static byte[]? Run(string program, string[] arguments, byte[] input)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        Process? process;
        try
        {
            process = Process.Start(start);
        }
        catch (Win32Exception)
        {
            return null;
        }

        using (process)
        {
            Assert.NotNull(process);
            Task<string> errors = process.StandardError.ReadToEndAsync();
            Task writing = Task.Run(() =>
            {
                try
                {
                    process.StandardInput.BaseStream.Write(input);
                    process.StandardInput.Close();
                }
                catch (IOException)
                {
                    // The program ended early; its exit code and errors say why.
                }
            });
            MemoryStream output = new();
            process.StandardOutput.BaseStream.CopyTo(output);
            process.WaitForExit();
            writing.GetAwaiter().GetResult();
            Assert.True(process.ExitCode == 0, errors.GetAwaiter().GetResult());
            return output.ToArray();
        }
    }
}
