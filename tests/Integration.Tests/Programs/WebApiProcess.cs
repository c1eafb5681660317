using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Reflection;
using System.Runtime.InteropServices;
using Integration.Tests.Support;
using Sink.Core;

namespace Integration.Tests.Programs;

/// <summary>The sample <c>WebApi</c>, as whoever operates it starts, asks and ends it.</summary>
internal sealed class WebApiProcess : IDisposable
{
    private const string Listening = "Now listening on: ";

    private readonly Process _process;
    private readonly HttpClient _client;
    private readonly Task _output;

    private WebApiProcess(Process process, Uri address)
    {
        _process = process;
        _client = new HttpClient { BaseAddress = address, Timeout = Limit.Time };

        // A full pipe would hold it up.
        _output = process.StandardOutput.ReadToEndAsync();
    }

    /// <summary>Starts it with settings from the environment alone, and waits until it listens.</summary>
    public static async Task<WebApiProcess> StartAsync(JournalOptions options)
    {
        string program = typeof(WebApiProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static attribute => attribute.Key == "WebApiProgram").Value!;
        string dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));

        // By way of env: a shell that runs the tests in the background has them, and so their children, ignore SIGINT.
        ProcessStartInfo start = new("env", ["--default-signal=INT,TERM", dotnet, program])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = Path.GetDirectoryName(program),
        };
        start.Environment["Urls"] = "http://127.0.0.1:0";
        foreach ((string name, string? value) in SettingsOf(options))
        {
            start.Environment[$"Logging__S3Journal__{name}"] = value;
        }

        Process process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync(Limit.Token()) is { } line)
        {
            if (line.Contains(Listening, StringComparison.Ordinal))
            {
                return new WebApiProcess(process, new Uri(line[(line.IndexOf(Listening, StringComparison.Ordinal) + Listening.Length)..].Trim()));
            }
        }

        await process.WaitForExitAsync(Limit.Token());
        throw new InvalidOperationException($"The program ended with code {process.ExitCode} before it listened.");
    }

    /// <summary>Logs one order; true when the program answered that it has.</summary>
    public async Task<bool> OrderAsync(int order)
    {
        try
        {
            using HttpResponseMessage answer = await _client.PostAsync($"customers/{CustomerOf(order)}/orders/{order.ToString(CultureInfo.InvariantCulture)}", content: null);
            return answer.StatusCode == HttpStatusCode.Accepted;
        }
        catch (HttpRequestException)
        {
            // It was killed before it answered.
            return false;
        }
    }

    public static string CustomerOf(int order) => $"customer-{(order % 7).ToString(CultureInfo.InvariantCulture)}";

    public Task<string> HealthAsync() => _client.GetStringAsync("health");

    public void Kill() => _process.Kill();

    /// <summary>Sends a signal, waits for the end, and gives the exit code.</summary>
    public async Task<int> EndAsync(int signal)
    {
        Assert.Equal(0, SendSignal(_process.Id, signal));
        await WaitForEndAsync();
        return _process.ExitCode;
    }

    public async Task WaitForEndAsync()
    {
        await _output.WaitAsync(Limit.Time);
        await _process.WaitForExitAsync(Limit.Token());
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
        _client.Dispose();
    }

    private static IEnumerable<(string Name, string? Value)> SettingsOf(JournalOptions options)
    {
        yield return ("Destination", options.Destination);
        yield return ("LocalDirectory", options.LocalDirectory);
        yield return ("MaxObjectAge", options.MaxObjectAge.ToString("c"));
        yield return ("ShutdownTimeout", options.ShutdownTimeout.ToString("c"));
        yield return ("S3__Endpoint", options.S3.Endpoint);
        yield return ("S3__Region", options.S3.Region);
        yield return ("S3__AccessKeyId", options.S3.AccessKeyId);
        yield return ("S3__SecretAccessKey", options.S3.SecretAccessKey);
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int process, int signal);
}
