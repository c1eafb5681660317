using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Exporter.S3Journal.Otlp;
using OpenTelemetry.Exporter.S3Journal.Tests.Proto;
using OpenTelemetry.Exporter.S3Journal.Tests.Support;
using OpenTelemetry.Logs;
using S3Journal.Proofs;

namespace OpenTelemetry.Exporter.S3Journal.Tests.Otlp;

/// <summary>An entry of its own for each record costs little beside the exporter's batches.</summary>
public sealed class SizeTests
{
    private const int Records = 512;

    [Fact]
    public void ARecordTakesNoMoreThanSomewhatOverTheExportersBatch()
    {
        using OtlpReceiver receiver = OtlpReceiver.Start();
        long ours = Some.Written(static output => OtlpEncoder.Protobuf.WriteResource(Some.Resource.Build(), output)).Length;
        ServiceCollection services = [];
        services.AddSingleton<IConfiguration>(Settings.Of());
        services.AddLogging(logging => logging.AddOpenTelemetry(options =>
        {
            options.SetResourceBuilder(Some.Resource);
            options.IncludeFormattedMessage = true;
            options.IncludeScopes = true;
            options.AddProcessor(new Count(record => ours += Framed(Some.Written(output => OtlpEncoder.Protobuf.WriteLog(record, OtlpLimits.Default, output)).Length)));
            options.AddOtlpExporter((exporter, processor) =>
            {
                exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
                exporter.Endpoint = new Uri(receiver.Address, "v1/logs");
                processor.ExportProcessorType = ExportProcessorType.Batch;
                processor.BatchExportProcessorOptions.MaxExportBatchSize = Records;
                processor.BatchExportProcessorOptions.MaxQueueSize = 4 * Records;
                processor.BatchExportProcessorOptions.ScheduledDelayMilliseconds = int.MaxValue;
            });
        }));
        byte[] batch;
        using (ServiceProvider provider = services.BuildServiceProvider())
        {
            Log(provider.GetRequiredService<ILoggerFactory>());
            batch = receiver.Take();
        }

        Assert.Equal(Records, LogsData.Parser.ParseFrom(batch).ResourceLogs[0].ScopeLogs.Sum(static logs => logs.LogRecords.Count));
        double ratio = (double)ours / batch.Length;
        Figures.Report("bytes of a record", ("ours", ours / Records), ("OTLP batch", batch.Length / Records), ("ratio", ratio.ToString("0.000", System.Globalization.CultureInfo.InvariantCulture)));
        Assert.InRange(ratio, 0, 1.3);
    }

    private static void Log(ILoggerFactory loggers)
    {
        ILogger[] categories = [loggers.CreateLogger("Shop.Checkout.Orders.OrderService"), loggers.CreateLogger("Shop.Checkout.Payments.PaymentService"), loggers.CreateLogger("Shop.Catalog")];
        for (int i = 0; i < Records; i++)
        {
            categories[i % categories.Length].LogInformation(new EventId(i % 5, "OrderPlaced"), "Order {OrderId} of {Customer} took {Elapsed} ms", i, "ada lovelace", i * 0.25);
        }
    }

    /// <summary>With the field's tag and the length that stand in front of it in an object.</summary>
    private static int Framed(int length) => 1 + (length < 0x80 ? 1 : length < 0x4000 ? 2 : 3) + length;

    private sealed class Count(Action<Logs.LogRecord> count) : BaseProcessor<Logs.LogRecord>
    {
        public override void OnEnd(Logs.LogRecord data) => count(data);
    }
}
