using Integration.Tests.Server;
using Integration.Tests.Support;
using Sink.Core;

namespace Integration.Tests.Programs;

/// <summary>A program that logs and traces by OpenTelemetry, set up by its settings alone, and ended in the ways that programs end.</summary>
public sealed class WorkerSample(S3Servers servers) : IDisposable
{
    private const int Terminate = 15;
    private const int AtLeast = 300;

    private readonly TestDirectory _local = new();

    public void Dispose() => _local.Dispose();

    [Fact]
    public async Task AProgramThatEndsByItselfHasEachJobsLogAndSpanInTheBucketOnce()
    {
        SampleProcess.AssertThereAreSignals();
        await using Bucket bucket = await (await servers.SharedAsync()).CreateBucketAsync();
        using (WorkerProcess program = WorkerProcess.Start(OptionsFor(bucket), AtLeast))
        {
            Assert.Equal(0, await program.WaitForEndAsync());
        }

        List<BucketObject> objects = await bucket.ReadAsync();
        Assert.Equal(["otel/logs", "otel/traces"], objects.Select(static found => found.Stream).Distinct().Order(StringComparer.Ordinal));
        List<WorkerJob> logs = WorkerJob.OfLogs(objects);
        AssertNumbered(AtLeast, logs);
        AssertOneRun(logs);
        Assert.Equal(AtLeast, logs.DistinctBy(static job => job.TraceId).Count());

        // The ids too.
        Assert.Equal(logs, WorkerJob.OfSpans(objects));
    }

    [Fact]
    public async Task AfterASignalEveryJobsLogAndSpanIsInTheBucketOnce()
    {
        SampleProcess.AssertThereAreSignals();
        await using Bucket bucket = await (await servers.SharedAsync()).CreateBucketAsync();
        int named;
        using (WorkerProcess program = WorkerProcess.Start(OptionsFor(bucket)))
        {
            await program.WaitForJobAsync(AtLeast);
            program.Send(Terminate);
            Assert.Equal(0, await program.WaitForEndAsync());
            named = program.LastNamed;
        }

        List<BucketObject> objects = await bucket.ReadAsync();
        List<WorkerJob> logs = WorkerJob.OfLogs(objects);
        AssertNumbered(logs.Count, logs);
        Assert.InRange(logs.Count, named + 1, int.MaxValue);
        AssertOneRun(logs);
        Assert.Equal(logs, WorkerJob.OfSpans(objects));
    }

    [Fact]
    public async Task AfterAKillTheNextStartDeliversEachStoredJobOnceAndUnderItsRun()
    {
        const int Few = 5;
        SampleProcess.AssertThereAreSignals();
        await using Bucket bucket = await (await servers.SharedAsync()).CreateBucketAsync();
        JournalOptions options = OptionsFor(bucket);

        // Nothing is delivered before the kill.
        options.MaxObjectAge = TimeSpan.FromHours(1);
        int named;
        using (WorkerProcess program = WorkerProcess.Start(options))
        {
            await program.WaitForJobAsync(AtLeast);
            program.Kill();
            Assert.NotEqual(0, await program.WaitForEndAsync());
            named = program.LastNamed;
        }

        Assert.Empty(await bucket.ListKeysAsync());
        using (WorkerProcess program = WorkerProcess.Start(options, Few))
        {
            Assert.Equal(0, await program.WaitForEndAsync());
        }

        List<BucketObject> objects = await bucket.ReadAsync();
        List<WorkerJob> logs = WorkerJob.OfLogs(objects);
        List<WorkerJob> spans = WorkerJob.OfSpans(objects);
        string[] runs = [.. logs.Select(static job => job.Instance).Distinct()];
        Assert.Equal(2, runs.Length);
        List<WorkerJob> killed = [.. logs.Where(job => job.Instance == runs[0])];

        // The console names a job before it is stored; the job at the kill may be there without its span.
        AssertNumbered(killed.Count, killed);
        Assert.InRange(killed.Count, named, int.MaxValue);
        List<WorkerJob> killedSpans = [.. spans.Where(job => job.Instance == runs[0])];
        Assert.InRange(killedSpans.Count, killed.Count - 1, killed.Count);
        Assert.Equal(killed.Take(killedSpans.Count), killedSpans);

        List<WorkerJob> second = [.. logs.Where(job => job.Instance == runs[1])];
        AssertNumbered(Few, second);
        Assert.Equal(second, spans.Where(job => job.Instance != runs[0]));
    }

    private static void AssertNumbered(int count, List<WorkerJob> jobs) => Assert.Equal(Enumerable.Range(0, count), jobs.Select(static job => job.Number));

    private static void AssertOneRun(List<WorkerJob> jobs) => Assert.Single(jobs.Select(static job => job.Instance).Distinct());

    private JournalOptions OptionsFor(Bucket bucket)
    {
        JournalOptions options = bucket.Options(_local);
        options.ShutdownTimeout = Limit.Time;
        return options;
    }
}
