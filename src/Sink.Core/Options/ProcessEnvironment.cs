using System.Reflection;
using Sink.Core.Compressing;

namespace Sink.Core.Options;

/// <summary>The machine and process this runs in.</summary>
internal sealed class ProcessEnvironment : HostEnvironment
{
    public static readonly ProcessEnvironment Instance = new();

    private ProcessEnvironment()
    {
    }

    public override string HostName => Environment.MachineName;

    public override string? ApplicationName =>
        Assembly.GetEntryAssembly()?.GetName().Name ?? Path.GetFileNameWithoutExtension(Environment.ProcessPath);

    public override bool IsWindows => OperatingSystem.IsWindows();

    public override bool IsInteractive => Environment.UserInteractive;

    // Without DoNotVerify the answer is empty until somebody has made the directory.
    public override string LocalApplicationData =>
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);

    public override string TemporaryDirectory => Path.GetTempPath();

    public override bool Has(Compression compression) => Compressors.IsPresent(compression);

    public override string? GetVariable(string name) => Environment.GetEnvironmentVariable(name);
}
