using Amazon;
using Integration.Tests.Server;
using Integration.Tests.Support;
using Sink.Core;

namespace Integration.Tests.Access;

/// <summary>The SDK takes the clock's error for the whole process: nothing else may run meanwhile.</summary>
[CollectionDefinition(nameof(OfTheProcess), DisableParallelization = true)]
public sealed class OfTheProcess;

[Collection(nameof(OfTheProcess))]
public sealed class WrongClock(S3Servers servers) : IDisposable
{
    private readonly TestDirectory _local = new();
    private readonly Watched<JournalFailure> _failures = new();

    public void Dispose() => _local.Dispose();

    [Fact]
    public async Task DeliveryGoesOnWhenTheClockIsSet()
    {
        await using Bucket bucket = await (await servers.SharedAsync()).CreateBucketAsync();
        JournalOptions options = bucket.Options(_local);
        options.OnFailure(_failures.Add);
        AWSConfigs.ManualClockCorrection = TimeSpan.FromHours(1);
        try
        {
            await using Journal journal = Journal.Open(options);
            Traffic.Append(journal.GetStream("orders"), writer: 0, first: 0, count: 100);
            await _failures.WaitForOneAsync();

            AWSConfigs.ManualClockCorrection = null;
            await journal.FlushAsync(Limit.Token());
        }
        finally
        {
            AWSConfigs.ManualClockCorrection = null;
        }

        Traffic.AssertExactlyOnce(await bucket.ReadAsync(), writers: 1, each: 100);
        string message = Assert.Single(_failures.Items).Message;
        Assert.Contains(bucket.Name, message, StringComparison.Ordinal);
        Assert.Contains("clock", message, StringComparison.Ordinal);
        TestContext.Current.TestOutputHelper?.WriteLine(message);
    }
}
