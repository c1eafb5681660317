using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serilog.Sinks.S3Journal.Tests.Support;

namespace Serilog.Sinks.S3Journal.Tests.EndToEnd;

/// <summary>The ways programs set Serilog up. In each, nothing is lost and the directory has one owner.</summary>
[Collection(nameof(OfTheProcess))]
public sealed class Hosts : IDisposable
{
    private readonly TestHome _home = new();

    [Fact]
    public async Task TheStaticLogger()
    {
        Log.Logger = Configure(new LoggerConfiguration()).CreateLogger();

        Log.Information("one");
        await Log.CloseAndFlushAsync();
        Log.Information("after closing");

        await AssertDelivered("one");
    }

    [Fact]
    public async Task AHostWithTheStaticLogger()
    {
        Log.Logger = Configure(new LoggerConfiguration()).CreateLogger();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSerilog(dispose: true);
        using (IHost host = builder.Build())
        {
            Log.Information("one");
            LoggerOf(host).LogInformation("two");
        }

        await AssertDelivered("one", "two");
    }

    [Fact]
    public async Task ABootstrapLoggerIsTakenOverByTheHost()
    {
        Log.Logger = Configure(new LoggerConfiguration()).CreateBootstrapLogger();
        Log.Information("starting");
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSerilog((_, configuration) => Configure(configuration));
        using (IHost host = builder.Build())
        {
            LoggerOf(host).LogInformation("running");
            Log.Information("also running");
        }

        await Log.CloseAndFlushAsync();
        await AssertDelivered("starting", "running", "also running");
    }

    [Fact]
    public async Task TwoHostsOfOneProcessShareTheDirectory()
    {
        using (IHost first = Build())
        {
            LoggerOf(first).LogInformation("first");
            using (IHost second = Build())
            {
                LoggerOf(second).LogInformation("second");
            }

            LoggerOf(first).LogInformation("first again");
        }

        await AssertDelivered("first", "second", "first again");

        IHost Build()
        {
            HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
            builder.Services.AddSerilog((_, configuration) => Configure(configuration), preserveStaticLogger: true);
            return builder.Build();
        }
    }

    [Fact]
    public async Task SubLoggersShareTheDirectory()
    {
        await using (Core.Logger logger = new LoggerConfiguration()
            .WriteTo.Logger(sub => Configure(sub.Filter.ByIncludingOnly(e => e.Properties.ContainsKey("A"))))
            .WriteTo.Logger(sub => Configure(sub.Filter.ByExcluding(e => e.Properties.ContainsKey("A"))))
            .CreateLogger())
        {
            logger.Information("with {A}", 1);
            logger.Information("without");
        }

        await AssertDelivered("with {A}", "without");
    }

    [Fact]
    public async Task ManyThreads()
    {
        const int Events = 50_000;
        await using (Core.Logger logger = Configure(new LoggerConfiguration()).CreateLogger())
        {
            Parallel.For(0, Events, i => logger.Information("event {I}", i));
        }

        IEnumerable<int> numbers = (await _home.ReadAsync()).Select(e => System.Text.Json.JsonDocument.Parse(e.Payload).RootElement.GetProperty("I").GetInt32());
        Assert.Equal(Enumerable.Range(0, Events), numbers.Order());
    }

    public void Dispose() => _home.Dispose();

    private static Microsoft.Extensions.Logging.ILogger LoggerOf(IHost host) => host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Test");

    private LoggerConfiguration Configure(LoggerConfiguration configuration) => configuration.WriteTo.S3Journal(_home.Destination, _home.Local, "log");

    private async Task AssertDelivered(params string[] templates)
    {
        Assert.Equal(templates.Order(StringComparer.Ordinal), (await _home.ReadTemplatesAsync()).Order(StringComparer.Ordinal));
        Assert.Equal(["0"], _home.Lanes);
    }
}
