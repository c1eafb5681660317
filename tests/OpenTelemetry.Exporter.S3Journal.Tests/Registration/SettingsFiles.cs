using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Exporter.S3Journal.Registration;
using OpenTelemetry.Exporter.S3Journal.Tests.Support;
using OpenTelemetry.Logs;
using OpenTelemetry.Trace;
using Sink.Core;

namespace OpenTelemetry.Exporter.S3Journal.Tests.Registration;

/// <summary>The section <c>OpenTelemetry:S3Journal</c>, and those with a name below it.</summary>
public sealed class SettingsFiles : IDisposable
{
    private readonly Exporting _exporting = new();
    private readonly Dictionary<string, string?> _file = [];
    private readonly List<string> _seen = [];

    [Fact]
    public void TheFileCountsBeforeTheProgramsOptionsAndThoseBeforeTheCallback()
    {
        _file["OpenTelemetry:S3Journal:Stream"] = "file";
        _file["OpenTelemetry:S3Journal:Id"] = "file";
        _file["OpenTelemetry:S3Journal:Application"] = "file";
        using ServiceProvider services = Build(
            static services => services.Configure<S3JournalExporterOptions>(static options => options.Id = options.Application = $"{options.Id}-services"),
            static (logging, see) => logging.AddS3JournalExporter(options =>
            {
                options.Application += "-callback";
                see(options);
            }));
        services.GetRequiredService<ILoggerFactory>().CreateLogger("x");

        Assert.Equal(["file file-services file-services-callback"], _seen);
    }

    [Fact]
    public void TheLoggersOptionsReadTheFileToo()
    {
        _file["OpenTelemetry:S3Journal:Stream"] = "file";
        _file["OpenTelemetry:S3Journal:audit:Stream"] = "audit";
        ServiceCollection services = new();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(_file).Build());
        services.AddLogging(logging => logging.AddOpenTelemetry(options => options.AddS3JournalExporter(See).AddS3JournalExporter("audit", See)));
        using ServiceProvider provider = services.BuildServiceProvider();
        provider.GetRequiredService<ILoggerFactory>().CreateLogger("x");

        Assert.Equal(["file  ", "audit  "], _seen);
    }

    [Fact]
    public void ANameHasItsOwnSectionAndWhatIsGivenWithItIsForAllSignals()
    {
        _file["OpenTelemetry:S3Journal:Stream"] = "file";
        _file["OpenTelemetry:S3Journal:audit:Stream"] = "audit";
        using ServiceProvider services = Build(
            static _ => { },
            static (logging, _) => logging.AddS3JournalExporter("audit", static options => options.Id = "by-logs"),
            static (tracing, see) => tracing.AddS3JournalExporter("audit", see));
        services.GetRequiredService<ILoggerFactory>().CreateLogger("x");
        services.GetRequiredService<TracerProvider>();

        Assert.Equal(["audit by-logs ", "audit by-logs "], _seen);
    }

    [Fact]
    public void WhatIsGivenWithoutANameIsForOneSignal()
    {
        using ServiceProvider services = Build(
            static _ => { },
            static (logging, see) => logging.AddS3JournalExporter(options =>
            {
                options.Id = "by-logs";
                see(options);
            }),
            static (tracing, see) => tracing.AddS3JournalExporter(see));
        services.GetRequiredService<ILoggerFactory>().CreateLogger("x");
        services.GetRequiredService<TracerProvider>();

        Assert.Equal([" by-logs ", "  "], _seen);
    }

    [Fact]
    public void EveryOptionCanBeSetByAFile()
    {
        List<(string Path, object Owner, PropertyInfo Property, object Value)> expected = [.. Settings(new S3JournalExporterOptions(), "")];
        Assert.InRange(expected.Count, 40, 100);
        foreach ((string path, _, _, object value) in expected)
        {
            _file[$"OpenTelemetry:S3Journal:x:{path}"] = value is IDictionary<string, string> pairs ? Assert.Single(pairs.Values) : value.ToString();
        }

        S3JournalExporterOptions options = new();
        new ConfigureFromSection(new ConfigurationBuilder().AddInMemoryCollection(_file).Build()).Configure("x", options);

        Assert.All(expected, setting => Assert.Equal(setting.Value, setting.Property.GetValue(setting.Owner is S3Options ? options.S3 : options)));
    }

    [Fact]
    public void RulesOfStreamsComeFromAFileInTheirOrder()
    {
        _file["OpenTelemetry:S3Journal:x:Streams:0:Match"] = "otel/*";
        _file["OpenTelemetry:S3Journal:x:Streams:0:MaxObjectAge"] = "00:01:00";
        _file["OpenTelemetry:S3Journal:x:Streams:1:Match"] = "**";
        _file["OpenTelemetry:S3Journal:x:Streams:1:Compression"] = "Gzip";

        S3JournalExporterOptions options = new();
        new ConfigureFromSection(new ConfigurationBuilder().AddInMemoryCollection(_file).Build()).Configure("x", options);

        Assert.Equal([("otel/*", TimeSpan.FromMinutes(1), null), ("**", null, Sink.Core.Compression.Gzip)], options.Streams.Select(static rule => (rule.Match, rule.MaxObjectAge, rule.Compression)));
    }

    [Fact]
    public void AWordThatIsNoProfileIsAnErrorAtStart()
    {
        _file["OpenTelemetry:S3Journal:Profile"] = "Parquet";
        using ServiceProvider services = Build(static _ => { }, static (logging, see) => logging.AddS3JournalExporter(see));

        Assert.Contains("Profile", Assert.Throws<InvalidOperationException>(() => services.GetRequiredService<ILoggerFactory>().CreateLogger("x")).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _exporting.Dispose();

    private void See(S3JournalExporterOptions options)
    {
        _exporting.Configure(options);
        _seen.Add($"{options.Stream} {options.Id} {options.Application}");
    }

    private ServiceProvider Build(Action<IServiceCollection> configure, Action<LoggerProviderBuilder, Action<S3JournalExporterOptions>> logging, Action<TracerProviderBuilder, Action<S3JournalExporterOptions>>? tracing = null)
    {
        ServiceCollection services = new();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(_file).Build());
        configure(services);
        OpenTelemetryBuilder builder = services.AddOpenTelemetry();
        builder.WithLogging(provider => logging(provider, See));
        if (tracing is not null)
        {
            builder.WithTracing(provider => tracing(provider, See));
        }

        services.PostConfigureAll<S3JournalExporterOptions>(options => options.UseSource(_exporting.Source));
        return services.BuildServiceProvider();
    }

    /// <summary>Each property that can be set, with another value than its default.</summary>
    private static IEnumerable<(string Path, object Owner, PropertyInfo Property, object Value)> Settings(object owner, string prefix)
    {
        foreach (PropertyInfo property in owner.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            object? value = property.GetValue(owner);
            if (value is S3Options)
            {
                foreach ((string Path, object Owner, PropertyInfo Property, object Value) inner in Settings(value, $"{property.Name}:"))
                {
                    yield return inner;
                }

                continue;
            }

            if (value is IList<StreamRule>)
            {
                // See RulesOfStreamsComeFromAFileInTheirOrder.
                continue;
            }

            if (value is IDictionary<string, string>)
            {
                yield return ($"{prefix}{property.Name}:team", owner, property, new Dictionary<string, string> { ["team"] = $"{property.Name}-value" });
                continue;
            }

            Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            object other = type switch
            {
                _ when type == typeof(string) => $"{property.Name}-value",
                _ when type == typeof(bool) => value is not true,
                _ when type == typeof(int) => 17,
                _ when type == typeof(long) => 1717L,
                _ when type == typeof(TimeSpan) => TimeSpan.FromSeconds(17.5),
                _ when type.IsEnum => Enum.GetValues(type).Cast<object>().First(known => !known.Equals(value)),
                _ => throw new NotSupportedException($"{property.Name} is a {type}: say here how a file holds it."),
            };
            yield return (prefix + property.Name, owner, property, other);
        }
    }
}
