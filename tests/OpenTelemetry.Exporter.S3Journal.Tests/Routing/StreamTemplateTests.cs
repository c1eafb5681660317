using CsCheck;
using OpenTelemetry.Exporter.S3Journal.Routing;
using OpenTelemetry.Resources;
using Sink.Core;

namespace OpenTelemetry.Exporter.S3Journal.Tests.Routing;

public sealed class StreamTemplateTests
{
    private static readonly Resource _resource = new(new Dictionary<string, object>
    {
        ["service.name"] = "shop",
        ["service.namespace"] = "eu",
        ["host.cores"] = 4L,
        ["ratio"] = 0.5,
        ["ok"] = true,
        ["parent"] = "..",
        ["slash"] = "a/b",
        ["zones"] = new[] { "a", "b" },
        ["empty"] = "",
        ["signal"] = "mine",
    });

    [Theory]
    [InlineData(null, "otel/logs")]
    [InlineData("otel", "otel/logs")]
    [InlineData("{service.namespace}/{service.name}", "eu/shop/logs")]
    [InlineData("{signal}/{service.name}", "logs/shop")]
    [InlineData("x.{signal}", "x.logs")]
    [InlineData("{service.instance.id}", "_/logs")]
    [InlineData("{zones}", "_/logs")]
    [InlineData("{host.cores}-{ratio}-{ok}", "4-0.5-True/logs")]
    [InlineData("{parent}/{slash}", "%2E%2E/a%2Fb/logs")]
    [InlineData("{empty}", "%/logs")]
    public void TokensAreFilledFromTheResource(string? template, string expected)
    {
        System.Globalization.CultureInfo.CurrentCulture = System.Globalization.CultureInfo.GetCultureInfo("de-DE");

        Assert.Equal(expected, StreamTemplate.Parse(template).Render("logs", _resource));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("a/", "empty segment")]
    [InlineData("../{service.name}", "segment")]
    [InlineData("{service.name", "no partner")]
    [InlineData("{service name}", "not a token")]
    [InlineData("{a}/{b}/{c}/{d}", "266 bytes")]
    public void AMistakeIsToldAtStart(string template, string expected)
    {
        JournalException exception = Assert.Throws<JournalException>(() => StreamTemplate.Parse(template));

        Assert.True(exception.IsConfiguration);
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
        Assert.Contains("{service.namespace}/{service.name}", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LogsAndSpansNeverShareAStreamAndNoValueLeavesItsSegment()
        => Gen.String.Sample(static value =>
        {
            Resource resource = new(new Dictionary<string, object> { ["service.name"] = value });
            StreamTemplate template = StreamTemplate.Parse("a/{service.name}");
            string logs = template.Render("logs", resource);

            Assert.NotEqual(logs, template.Render("traces", resource));
            Assert.Equal(3, logs.Split('/').Length);
        });
}
