namespace Sink.Core.Options;

/// <summary>What settings take from the machine and the process. Tests give their own, so that none of them changes the process.</summary>
internal abstract class HostEnvironment
{
    public abstract string HostName { get; }

    /// <summary>Name of the program, uncleaned; null when the runtime knows none.</summary>
    public abstract string? ApplicationName { get; }

    public abstract bool IsWindows { get; }

    /// <summary>False for a Windows service.</summary>
    public abstract bool IsInteractive { get; }

    /// <summary>The user's own, empty when there is none.</summary>
    public abstract string LocalApplicationData { get; }

    public abstract string TemporaryDirectory { get; }

    /// <summary>Whether a built-in compression can be used here.</summary>
    public abstract bool Has(Compression compression);

    /// <summary>The environment variable, or null.</summary>
    public abstract string? GetVariable(string name);
}
