using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Integration.Tests.Server;

/// <summary>A Ceph gateway of eng/s3-server.sh: its processes may be killed, stopped and started. It ends with this process, however that ends.</summary>
public sealed record Radosgw : S3Server, IAsyncDisposable
{
    private const int Unavailable = 3;

    private readonly string _directory;

    private Radosgw(string directory, IReadOnlyDictionary<string, string> variables)
        : base(variables[S3Servers.EndpointVariable], variables[S3Servers.AccessKeyVariable], variables[S3Servers.SecretKeyVariable], variables[S3Servers.RegionVariable], IsThrowAway: true)
    {
        _directory = directory;
    }

    /// <summary>The processes of a server, by the names of their files in its directory.</summary>
    public enum Part
    {
        /// <summary>What answers S3.</summary>
        Gateway,

        /// <summary>What keeps the objects: a gateway without it takes requests and does not answer.</summary>
        Storage,
    }

    /// <exception cref="NoServerException">The packages are not installed, and may not be or cannot be.</exception>
    public static async Task<Radosgw> StartAsync()
    {
        string directory = Path.Combine(Path.GetTempPath(), $"s3journal-server-{Guid.NewGuid():N}"[..30]);
        return new Radosgw(directory, await RunStartAsync(directory));
    }

    public void Kill(Part part) => Signal(part, 9);

    public void Pause(Part part) => Signal(part, 19);

    public void Resume(Part part) => Signal(part, 18);

    /// <summary>After <see cref="Kill"/> of the gateway: it comes back with its objects, under the same endpoint.</summary>
    public Task StartGatewayAsync() => RunStartAsync(_directory);

    /// <summary>The same server, with the keys of another user, who owns no buckets.</summary>
    public async Task<S3Server> AddUserAsync(string name)
    {
        string secret = Guid.NewGuid().ToString("N");
        await RunAsync("user", name, $"{name}key", secret, _directory);
        return new S3Server(Endpoint, $"{name}key", secret, Region, IsThrowAway: true);
    }

    public async ValueTask DisposeAsync() => await RunAsync("stop", _directory, "--purge");

    private static async Task<Dictionary<string, string>> RunStartAsync(string directory)
    {
        string[] install = S3Servers.MayInstall ? ["--install"] : [];
        string owner = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        string output = await RunAsync(["start", directory, "--owner", owner, .. install]);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line["export ".Length..].Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1]);
    }

    private static async Task<string> RunAsync(params IEnumerable<string> arguments)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new NoServerException("Ceph's gateway runs on Linux; elsewhere start Docker, or set " + S3Servers.EndpointVariable + ".");
        }

        using Process process = Process.Start(new ProcessStartInfo("bash", [Script, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string errors = (await process.StandardError.ReadToEndAsync()).Trim();
        await process.WaitForExitAsync();
        return process.ExitCode switch
        {
            0 => await output,
            Unavailable => throw new NoServerException(errors),
            _ => throw new InvalidOperationException($"{Script} {string.Join(' ', arguments)} ended with code {process.ExitCode}: {errors}"),
        };
    }

    private static string Script
    {
        get
        {
            string? folder = AppContext.BaseDirectory;
            while (folder is not null && !File.Exists(Path.Combine(folder, "Sinks.sln")))
            {
                folder = Path.GetDirectoryName(folder);
            }

            return Path.Combine(folder ?? throw new InvalidOperationException("The tests lie outside of the repository."), "eng", "s3-server.sh");
        }
    }

    private void Signal(Part part, int signal)
    {
        string file = Path.Combine(_directory, "run", part == Part.Gateway ? "gateway.pid" : "storage.pid");
        int process = int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture);
        if (SendSignal(process, signal) != 0)
        {
            throw new InvalidOperationException($"The {part} ({process}) took no signal {signal}: it has ended.");
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int process, int signal);
}
