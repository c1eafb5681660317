using System.Globalization;
using System.Net;
using Integration.Tests.Support;
using Sink.Core;

namespace Integration.Tests.Programs;

/// <summary>The sample <c>WebApi</c>, as whoever operates it starts, asks and ends it.</summary>
internal sealed class WebApiProcess : IDisposable
{
    private const string Listening = "Now listening on: ";

    private readonly SampleProcess _process;
    private readonly HttpClient _client;
    private readonly Task _output;

    private WebApiProcess(SampleProcess process, Uri address)
    {
        _process = process;
        _client = new HttpClient { BaseAddress = address, Timeout = Limit.Time };
        _output = process.ReadToEndAsync();
    }

    /// <summary>Starts it and waits until it listens.</summary>
    public static async Task<WebApiProcess> StartAsync(JournalOptions options)
    {
        SampleProcess process = SampleProcess.Start("WebApi", "Logging__S3Journal", options, ("Urls", "http://127.0.0.1:0"));
        while (await process.ReadLineAsync() is { } line)
        {
            if (line.Contains(Listening, StringComparison.Ordinal))
            {
                return new WebApiProcess(process, new Uri(line[(line.IndexOf(Listening, StringComparison.Ordinal) + Listening.Length)..].Trim()));
            }
        }

        throw new InvalidOperationException($"The program ended with code {await process.WaitForEndAsync()} before it listened.");
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
    public Task<int> EndAsync(int signal)
    {
        _process.Send(signal);
        return WaitForEndAsync();
    }

    public async Task<int> WaitForEndAsync()
    {
        await _output;
        return await _process.WaitForEndAsync();
    }

    public void Dispose()
    {
        _process.Dispose();
        _client.Dispose();
    }
}
