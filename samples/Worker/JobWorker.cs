using System.Diagnostics;

namespace Worker;

/// <summary>Does one small job after the other: a span and a log entry each. <c>Jobs</c> ends it after so many, <c>Pause</c> is the time between two.</summary>
internal sealed partial class JobWorker(ILogger<JobWorker> logger, IConfiguration configuration, IHostApplicationLifetime lifetime) : BackgroundService
{
    public static readonly ActivitySource Source = new("Worker.Jobs");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        int jobs = configuration.GetValue("Jobs", int.MaxValue);
        TimeSpan pause = configuration.GetValue("Pause", TimeSpan.FromSeconds(1));
        for (int job = 0; job < jobs && !stoppingToken.IsCancellationRequested; job++)
        {
            Do(job);
            await Task.Delay(pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        lifetime.StopApplication();
    }

    private void Do(int job)
    {
        using Activity? activity = Source.StartActivity("job");
        activity?.SetTag("job.id", job);
        LogJob(job);
    }

    // On disk when the call returns: nothing that happens to this process from here on loses it.
    [LoggerMessage(LogLevel.Information, "Job {Job} is done", EventName = "JobDone")]
    private partial void LogJob(int job);
}
