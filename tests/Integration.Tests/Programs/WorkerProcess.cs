using System.Globalization;
using System.Text.RegularExpressions;
using Sink.Core;

namespace Integration.Tests.Programs;

/// <summary>The sample <c>Worker</c>, which does its jobs without a pause. Its console names each: a job's line says that those before it are stored.</summary>
internal sealed partial class WorkerProcess : IDisposable
{
    private readonly SampleProcess _process;

    private WorkerProcess(SampleProcess process) => _process = process;

    /// <summary>The last job that the console named; -1 when none was.</summary>
    public int LastNamed { get; private set; } = -1;

    public static WorkerProcess Start(JournalOptions options, int jobs = int.MaxValue)
        => new(SampleProcess.Start("Worker", "OpenTelemetry__S3Journal", options, ("Jobs", jobs.ToString(CultureInfo.InvariantCulture)), ("Pause", "00:00:00")));

    /// <summary>Reads the console until that job is named.</summary>
    public async Task WaitForJobAsync(int job)
    {
        while (LastNamed < job)
        {
            Assert.True(await ReadAsync(), $"The program ended with job {LastNamed}.");
        }
    }

    public void Kill() => _process.Kill();

    public void Send(int signal) => _process.Send(signal);

    /// <summary>Waits for the end, and gives the exit code.</summary>
    public async Task<int> WaitForEndAsync()
    {
        while (await ReadAsync())
        {
        }

        return await _process.WaitForEndAsync();
    }

    public void Dispose() => _process.Dispose();

    private async Task<bool> ReadAsync()
    {
        string? line = await _process.ReadLineAsync();
        if (Named().Match(line ?? "") is { Success: true } match)
        {
            LastNamed = int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        }

        return line is not null;
    }

    [GeneratedRegex("Job ([0-9]+) is done$")]
    private static partial Regex Named();
}
