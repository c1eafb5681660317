using Sink.Core.Options;

namespace Sink.Core.Tests.Options;

internal sealed class FakeHostEnvironment : HostEnvironment
{
    public Dictionary<string, string> Variables { get; } = [];

    public string Host { get; set; } = "web01";

    public string? Program { get; set; } = "Orders.Api";

    public bool Windows { get; set; }

    public bool Interactive { get; set; } = true;

    public string UserData { get; set; } = "/home/me/.local/share";

    public override string HostName => Host;

    public override string? ApplicationName => Program;

    public override bool IsWindows => Windows;

    public override bool IsInteractive => Interactive;

    public override string LocalApplicationData => UserData;

    public override string TemporaryDirectory => "/tmp/";

    public bool HasLiblzma { get; set; } = true;

    public override bool Has(Compression compression) => compression != Compression.Xz || HasLiblzma;

    public override string? GetVariable(string name) => Variables.GetValueOrDefault(name);
}
