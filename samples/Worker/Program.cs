using OpenTelemetry.Logs;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Worker;

HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Services.AddOpenTelemetry()
    .ConfigureResource(static resource => resource.AddService("worker", serviceNamespace: "samples"))
    .WithLogging(static logs => logs.AddS3JournalExporter())
    .WithTracing(static traces => traces.AddSource(JobWorker.Source.Name).AddS3JournalExporter());
builder.Services.AddHostedService<JobWorker>();
await builder.Build().RunAsync();
