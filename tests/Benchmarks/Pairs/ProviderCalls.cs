using Microsoft.Extensions.Logging;
using ZLogger;

namespace Benchmarks.Pairs;

/// <summary>Log calls as programs write them.</summary>
internal static partial class ProviderCalls
{
    private static readonly KeyValuePair<string, object?>[] _scope = [new("RequestId", "0HN7GLLM4B1D2"), new("Tenant", "acme")];

    [LoggerMessage(1, LogLevel.Information, "Payment of {Customer} by {Method} accepted")]
    public static partial void Texts(ILogger logger, string customer, string method);

    [LoggerMessage(2, LogLevel.Information, "Order {OrderId} of {Customer} placed")]
    public static partial void NumberAndText(ILogger logger, int orderId, string customer);

    public static void Template(ILogger logger, int i) =>
        logger.LogInformation("Order {OrderId} of {Customer} shipped {Items} items for {Total} in {Elapsed}", i, "ACME", i % 7, i * 1.25m, TimeSpan.FromMilliseconds(i % 1000));

    /// <summary>ZLogger's own way: formats into pooled buffers instead of boxing, but no other provider gets the values so.</summary>
    public static void Interpolated(ILogger logger, int i) =>
        logger.ZLogInformation($"Order {i:@OrderId} of {"ACME":@Customer} shipped {i % 7:@Items} items for {i * 1.25m:@Total} in {TimeSpan.FromMilliseconds(i % 1000):@Elapsed}");

    public static void Scoped(ILogger logger, int i)
    {
        using (logger.BeginScope(_scope))
        {
            NumberAndText(logger, i, "ACME");
        }
    }
}
