using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Integration.Tests.Support;

/// <summary>Answers each request, one a connection, as a test wants it, and keeps the heads.</summary>
internal sealed class ScriptedServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public ScriptedServer()
    {
        _listener.Start();
        _ = ListenAsync();
    }

    public Watched<string> Heads { get; } = new();

    /// <summary>By the request's head; null is no answer.</summary>
    public Func<string, string?> Answer { get; set; } = static _ => null;

    public string Port => ((IPEndPoint)_listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

    public string Endpoint => $"http://127.0.0.1:{Port}";

    public static string Reply(int status, string body, string header = "X-Odd: 1") =>
        $"HTTP/1.1 {status} Odd\r\n{header}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}";

    public void Dispose() => _listener.Dispose();

    private async Task ListenAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    /// <summary>A request a connection. Without an answer no more is read than the beginning, until the test is over.</summary>
    private async Task ServeAsync(TcpClient client)
    {
        using TcpClient _ = client;
        try
        {
            NetworkStream stream = client.GetStream();
            using StreamReader reader = new(stream, Encoding.Latin1, leaveOpen: true);
            StringBuilder head = new();
            while (await reader.ReadLineAsync() is { Length: > 0 } line)
            {
                head.AppendLine(line);
            }

            Heads.Add(head.ToString());
            if (head.ToString().Contains("Expect: 100-continue", StringComparison.OrdinalIgnoreCase))
            {
                await stream.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray());
            }

            if (Answer(head.ToString()) is not { } answer)
            {
                await Task.Delay(Timeout.Infinite, TestContext.Current.CancellationToken);
                return;
            }

            const string Length = "Content-Length:";
            string? length = head.ToString().Split('\n').FirstOrDefault(line => line.StartsWith(Length, StringComparison.OrdinalIgnoreCase));
            int left = length is null ? 0 : int.Parse(length[Length.Length..], CultureInfo.InvariantCulture);
            if (left > 0)
            {
                await reader.ReadBlockAsync(new char[left]);
            }

            await stream.WriteAsync(Encoding.Latin1.GetBytes(answer));
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The client has gone.
        }
    }
}
