using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using Integration.Tests.Support;
using Sink.Core;

namespace Integration.Tests.Programs;

/// <summary>A sample, as whoever operates it starts and ends it: set up by its environment alone.</summary>
internal sealed class SampleProcess : IDisposable
{
    private readonly Process _process;

    private SampleProcess(Process process) => _process = process;

    /// <param name="name">The sample's name, as the build noted where it lies.</param>
    /// <param name="section">The settings of its journal, with <c>__</c> between names.</param>
    /// <param name="options">What stands there.</param>
    /// <param name="others">Settings beside the journal's.</param>
    public static SampleProcess Start(string name, string section, JournalOptions options, params (string Name, string Value)[] others)
    {
        string program = typeof(SampleProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == $"{name}Program").Value!;
        string dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));

        // By way of env: a shell that runs the tests in the background has them, and so their children, ignore SIGINT.
        ProcessStartInfo start = new("env", ["--default-signal=INT,TERM", dotnet, program])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = Path.GetDirectoryName(program),
        };
        foreach ((string setting, string? value) in SettingsOf(options))
        {
            start.Environment[$"{section}__{setting}"] = value;
        }

        foreach ((string setting, string value) in others)
        {
            start.Environment[setting] = value;
        }

        return new SampleProcess(Process.Start(start)!);
    }

    public static void AssertThereAreSignals() => Assert.SkipUnless(OperatingSystem.IsLinux(), "The program is started and ended by Linux's means.");

    /// <summary>The next line of its output; null at its end. Somebody must read to the end: a full pipe holds the program up.</summary>
    public ValueTask<string?> ReadLineAsync() => _process.StandardOutput.ReadLineAsync(Limit.Token());

    public Task ReadToEndAsync() => _process.StandardOutput.ReadToEndAsync(Limit.Token());

    public void Kill() => _process.Kill();

    public void Send(int signal) => Assert.Equal(0, SendSignal(_process.Id, signal));

    /// <summary>Waits for the end, and gives the exit code.</summary>
    public async Task<int> WaitForEndAsync()
    {
        await _process.WaitForExitAsync(Limit.Token());
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private static IEnumerable<(string Name, string? Value)> SettingsOf(JournalOptions options)
    {
        yield return ("Destination", options.Destination);
        yield return ("LocalDirectory", options.LocalDirectory);
        yield return ("MaxObjectAge", options.MaxObjectAge.ToString("c"));
        yield return ("ShutdownTimeout", options.ShutdownTimeout.ToString("c"));
        yield return ("S3__Endpoint", options.S3.Endpoint);
        yield return ("S3__Region", options.S3.Region);
        yield return ("S3__AccessKeyId", options.S3.AccessKeyId);
        yield return ("S3__SecretAccessKey", options.S3.SecretAccessKey);
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int process, int signal);
}
