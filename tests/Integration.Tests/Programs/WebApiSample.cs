using System.Collections.Concurrent;
using System.Text.Json;
using Integration.Tests.Server;
using Integration.Tests.Support;
using Sink.Core;

namespace Integration.Tests.Programs;

/// <summary>A program that logs by Microsoft.Extensions.Logging, set up by its settings alone, and ended in the ways that programs end.</summary>
public sealed class WebApiSample(S3Servers servers) : IDisposable
{
    private const int Interrupt = 2;
    private const int Terminate = 15;
    private const int Clients = 8;

    private readonly TestDirectory _local = new();

    public void Dispose() => _local.Dispose();

    [Theory]
    [InlineData(Terminate)]
    [InlineData(Interrupt)]
    public async Task AfterASignalEveryRequestsLogIsInTheBucketExactlyOnce(int signal)
    {
        const int Orders = 800;
        SampleProcess.AssertThereAreSignals();
        await using Bucket bucket = await (await servers.SharedAsync()).CreateBucketAsync();
        using (WebApiProcess program = await WebApiProcess.StartAsync(OptionsFor(bucket)))
        {
            ConcurrentBag<int> accepted = await OrderAsync(program, first: 0, Orders);
            Assert.Equal(Orders, accepted.Count);
            Assert.Equal("Healthy", await program.HealthAsync());

            Assert.Equal(0, await program.EndAsync(signal));
        }

        List<BucketObject> objects = await bucket.ReadAsync();
        Assert.All(objects, static found => Assert.Equal("webapi", found.Stream));
        Assert.Equal(Enumerable.Range(0, Orders), OrdersIn(objects).Order());
    }

    [Fact]
    public async Task AfterAKillTheNextStartDeliversEveryLogThatWasAnsweredForExactlyOnce()
    {
        const int AtLeast = 300;
        SampleProcess.AssertThereAreSignals();
        await using Bucket bucket = await (await servers.SharedAsync()).CreateBucketAsync();
        JournalOptions options = OptionsFor(bucket);

        // Nothing is delivered before the kill.
        options.MaxObjectAge = TimeSpan.FromHours(1);
        ConcurrentBag<int> accepted = [];
        using (WebApiProcess program = await WebApiProcess.StartAsync(options))
        {
            accepted = await OrderAsync(program, first: 0, count: int.MaxValue, onAccepted: count =>
            {
                if (count == AtLeast)
                {
                    program.Kill();
                }
            });
            await program.WaitForEndAsync();
        }

        Assert.InRange(accepted.Count, AtLeast, int.MaxValue);
        Assert.Empty(await bucket.ListKeysAsync());
        using (WebApiProcess program = await WebApiProcess.StartAsync(options))
        {
            Assert.True(await program.OrderAsync(-1));
            accepted.Add(-1);
            Assert.Equal(0, await program.EndAsync(Terminate));
        }

        // Those under way when it was killed may be there without an answer; none is there twice.
        List<int> delivered = OrdersIn(await bucket.ReadAsync());
        Assert.Equal(delivered.Distinct().Count(), delivered.Count);
        Assert.Empty(accepted.Except(delivered));
        Assert.InRange(delivered.Count - accepted.Count, 0, Clients);
    }

    /// <summary>Orders until the count, or until the program answers no more; gives those that it answered for.</summary>
    private static async Task<ConcurrentBag<int>> OrderAsync(WebApiProcess program, int first, int count, Action<int>? onAccepted = null)
    {
        ConcurrentBag<int> accepted = [];
        int next = first - 1;
        int answers = 0;
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async _ =>
        {
            for (int order = Interlocked.Increment(ref next); order - first < count && await program.OrderAsync(order); order = Interlocked.Increment(ref next))
            {
                accepted.Add(order);
                onAccepted?.Invoke(Interlocked.Increment(ref answers));
            }
        }));
        return accepted;
    }

    /// <summary>The orders placed, of whatever the program logged.</summary>
    private static List<int> OrdersIn(IEnumerable<BucketObject> objects)
    {
        List<int> orders = [];
        foreach (string line in objects.SelectMany(static found => found.Lines))
        {
            JsonElement entry = JsonElement.Parse(line);
            if (entry.TryGetProperty("OrderId", out JsonElement order))
            {
                Assert.Equal("Order {OrderId} placed", entry.GetProperty("@mt").GetString());
                Assert.Equal(WebApiProcess.CustomerOf(order.GetInt32()), entry.GetProperty("Customer").GetString());
                orders.Add(order.GetInt32());
            }
        }

        return orders;
    }

    private JournalOptions OptionsFor(Bucket bucket)
    {
        JournalOptions options = bucket.Options(_local);
        options.ShutdownTimeout = Limit.Time;
        return options;
    }
}
