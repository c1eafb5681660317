using System.Reflection;
using Microsoft.Extensions.Configuration;
using Sink.Core;

namespace Serilog.Sinks.S3Journal.Tests.Sinks;

public class ConfigurationTests
{
    [Theory]
    [InlineData(typeof(Serilog.Configuration.LoggerSinkConfiguration))]
    [InlineData(typeof(Serilog.Configuration.LoggerAuditSinkConfiguration))]
    public void EverySettingIsAParameterOfTheMethodThatConfigurationFilesUse(Type on)
    {
        MethodInfo method = typeof(S3JournalLoggerConfigurationExtensions).GetMethods()
            .Single(m => m.GetParameters() is [var first, { Name: "destination" }, ..] && first.ParameterType == on);
        string[] settings = [.. typeof(S3JournalSinkOptions).GetProperties()
            .Where(p => p.Name != nameof(S3JournalSinkOptions.AuditTimeout) || on.Name.Contains("Audit"))
            .Select(p => char.ToLowerInvariant(p.Name[0]) + p.Name[1..])];

        string[] parameters = [.. method.GetParameters().Skip(1).Select(p => p.Name!)];

        Assert.Equal(settings.Concat(["restrictedToMinimumLevel", "levelSwitch"]).Order(), parameters.Order());
        Assert.All(method.GetParameters().Skip(1), p => Assert.True(p.HasDefaultValue));
    }

    [Fact]
    public void EveryParameterReachesItsSetting()
    {
        MethodInfo gather = typeof(S3JournalLoggerConfigurationExtensions).GetMethod("Gather", BindingFlags.NonPublic | BindingFlags.Static)!;
        foreach (ParameterInfo parameter in gather.GetParameters())
        {
            object value = Sample(parameter);
            object?[] arguments = [.. gather.GetParameters().Select(p => p == parameter ? value : null)];
            S3JournalSinkOptions options = (S3JournalSinkOptions)gather.Invoke(null, arguments)!;

            S3JournalSinkOptions untouched = new();
            foreach (PropertyInfo property in typeof(S3JournalSinkOptions).GetProperties())
            {
                if (property.PropertyType is var type && (type == typeof(S3Options) || type == typeof(IList<StreamRule>)) && !string.Equals(property.Name, parameter.Name, StringComparison.OrdinalIgnoreCase))
                {
                    // Each options object has its own.
                    Assert.NotNull(property.GetValue(options));
                    continue;
                }

                bool named = string.Equals(property.Name, parameter.Name, StringComparison.OrdinalIgnoreCase);
                object? expected = named ? value : property.GetValue(untouched);
                Assert.True(Equals(expected, property.GetValue(options)), $"{property.Name} after {parameter.Name}");
            }
        }
    }

    [Fact]
    public void AMistakeInTheStreamThrowsAtStart()
    {
        Assert.Contains("no partner", Assert.Throws<JournalException>(() => new LoggerConfiguration().WriteTo.S3Journal(stream: "{A")).Message);
        Assert.Contains("no partner", Assert.Throws<JournalException>(() => new LoggerConfiguration().WriteTo.S3Journal(o => o.Stream = "{A")).Message);
        Assert.Contains("no partner", Assert.Throws<JournalException>(() => new LoggerConfiguration().AuditTo.S3Journal(stream: "{A")).Message);
    }

    [Fact]
    public void AuditingWithoutSyncIsAMistake()
    {
        Assert.True(Assert.Throws<JournalException>(() => new LoggerConfiguration().AuditTo.S3Journal(fsync: false)).IsConfiguration);
        Assert.Contains("Fsync", Assert.Throws<JournalException>(() => new LoggerConfiguration().AuditTo.S3Journal(o => o.Fsync = false)).Message);
    }

    [Theory]
    [InlineData("200")]
    [InlineData("00:00:00")]
    [InlineData("-00:00:01")]
    public void AnAuditTimeoutOutOfRangeSaysHowTimesAreWritten(string timeout)
    {
        JournalException exception = Assert.Throws<JournalException>(() => new LoggerConfiguration().AuditTo.S3Journal(auditTimeout: TimeSpan.Parse(timeout)));

        Assert.Contains("\"200\" is 200 days", exception.Message);
    }

    [Fact]
    public void AFormatterWithMessagePackIsAMistake()
    {
        Serilog.Formatting.Json.JsonFormatter formatter = new();
        Action[] starts =
        [
            () => new LoggerConfiguration().WriteTo.S3Journal(formatter: formatter, encoding: EntryEncoding.MessagePack),
            () => new LoggerConfiguration().AuditTo.S3Journal(formatter: formatter, encoding: EntryEncoding.MessagePack),
            () => new LoggerConfiguration().WriteTo.S3Journal(o => (o.Formatter, o.Encoding) = (formatter, EntryEncoding.MessagePack)),
        ];
        Assert.All(starts, start =>
        {
            JournalException exception = Assert.Throws<JournalException>(start);
            Assert.True(exception.IsConfiguration);
            Assert.Contains("Formatter", exception.Message);
        });
    }

    [Fact]
    public void AnEncodingThatIsNoneIsAMistake()
    {
        JournalException exception = Assert.Throws<JournalException>(() => new LoggerConfiguration().WriteTo.S3Journal(encoding: (EntryEncoding)7));

        Assert.True(exception.IsConfiguration);
        Assert.Contains("Encoding is 7; write Json or MessagePack", exception.Message);
    }

    [Theory]
    [InlineData("WriteTo", """ "formatter": "Serilog.Formatting.Json.JsonFormatter, Serilog", "encoding": "MessagePack" """, "Formatter")]
    [InlineData("WriteTo", """ "stream": "{A" """, "no partner")]
    [InlineData("AuditTo", """ "auditTimeout": "200" """, "200 days")]
    [InlineData("AuditTo", """ "fsync": false """, "Fsync")]
    [InlineData("WriteTo", """ "destination": "s3://logs", "s3": { "endpoint": "nowhere" } """, "S3.Endpoint")]
    [InlineData("AuditTo", """ "destination": "s3://logs", "s3": { "accessKeyId": "AKIA", "requestTimeout": "30" } """, "S3.SecretAccessKey")]
    [InlineData("WriteTo", """ "destination": "s3://logs", "s3": { "tags": { "team": "a,b" } } """, "S3.Tags: has a value of \"team\"")]
    [InlineData("WriteTo", """ "destination": "s3://logs", "s3": { "metadata": { "datalake": "x" }, "requestChecksum": "Always" } """, "S3.Metadata: has the name \"datalake\"")]
    [InlineData("WriteTo", """ "streams": [ { "match": "orders/*", "maxObjectAge": "00:01:00" }, { "match": "a", "maxObjectEntries": 0 } ] """, "Streams:1:MaxObjectEntries: is 0")]
    [InlineData("WriteTo", """ "destination": "s3://logs?multipartPartBytes=1000" """, "S3.MultipartPartBytes: is 1,000")]
    public void AMistakeInAConfigurationFileThrowsAtStart(string section, string settings, string expected)
    {
        string json = $$"""{ "Serilog": { "Using": [ "Serilog.Sinks.S3Journal" ], "{{section}}": [ { "Name": "S3Journal", "Args": { {{settings}} } } ] } }""";
        IConfiguration configuration = new ConfigurationBuilder().AddJsonStream(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(json))).Build();

        TargetInvocationException exception = Assert.Throws<TargetInvocationException>(() => new LoggerConfiguration().ReadFrom.Configuration(configuration));

        Assert.Contains(expected, Assert.IsType<JournalException>(exception.InnerException).Message);
    }

    /// <summary>A value that is not the setting's default.</summary>
    private static object Sample(ParameterInfo parameter)
    {
        Type type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        return type switch
        {
            _ when type == typeof(string) => "sample",
            _ when type == typeof(int) => 7,
            _ when type == typeof(long) => 7L,
            _ when type == typeof(TimeSpan) => TimeSpan.FromSeconds(7),
            _ when type == typeof(bool) => parameter.Name is "exclusive",
            _ when type == typeof(S3Options) => new S3Options { Region = "sample" },
            _ when type == typeof(StreamRule[]) => new[] { new StreamRule { Match = "sample" } },
            _ when type.IsEnum => Enum.GetValues(type).GetValue(1)!,
            _ when type == typeof(Serilog.Formatting.ITextFormatter) => new Serilog.Formatting.Json.JsonFormatter(),
            _ => throw new NotSupportedException(type.Name),
        };
    }
}
