using Microsoft.Extensions.Configuration;

namespace OpenTelemetry.Exporter.S3Journal.Tests.Support;

internal static class Settings
{
    public static IConfiguration Of(params (string Key, string? Value)[] settings)
        => new ConfigurationBuilder().AddInMemoryCollection(settings.Select(static setting => KeyValuePair.Create(setting.Key, setting.Value))).Build();
}
