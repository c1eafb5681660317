using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Integration.Tests.Support;

/// <summary>
/// Stands before a server and passes requests on, one a connection, but for those that a test lets go wrong.
/// </summary>
internal sealed class S3Proxy : IDisposable
{
    private readonly Uri _server;
    private readonly Func<ProxiedRequest, RequestFate> _choose;
    private readonly IPEndPoint _place;
    private readonly Dictionary<string, int> _counts = [];
    private readonly Lock _lock = new();

    // Owned by _lock.
    private TcpListener? _listener;

    public S3Proxy(string server, Func<ProxiedRequest, RequestFate> choose)
    {
        _server = new Uri(server);
        _choose = choose;
        _listener = new TcpListener(IPAddress.Loopback, 0);
        _listener.Start();
        _place = (IPEndPoint)_listener.LocalEndpoint;
        _ = ListenAsync(_listener);
    }

    public string Endpoint => $"http://{_place}";

    public Watched<ProxiedRequest> Requests { get; } = new();

    public int Puts => Requests.Items.Count(r => r.Method == "PUT");

    /// <summary>Nobody listens any more: connections are refused.</summary>
    public void Refuse()
    {
        lock (_lock)
        {
            _listener?.Dispose();
            _listener = null;
        }
    }

    /// <summary>Listens again, under the same endpoint.</summary>
    public void Listen()
    {
        lock (_lock)
        {
            if (_listener is null)
            {
                _listener = new TcpListener(_place);
                _listener.Start();
                _ = ListenAsync(_listener);
            }
        }
    }

    public async Task RefuseForAsync(TimeSpan time)
    {
        Refuse();
        await Task.Delay(time, TimeProvider.System);
        Listen();
    }

    public void Dispose() => Refuse();

    private async Task ListenAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The test is over, or nobody is to listen.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using TcpClient _ = client;
        RequestFate fate = RequestFate.Passed;
        try
        {
            ProxyConnection near = new(client.GetStream());
            if (await near.ReadHeadAsync() is not { } head)
            {
                return;
            }

            ProxiedRequest request = Count(head);
            Requests.Add(request);
            fate = _choose(request);
            if (fate.IsUnheard)
            {
                return;
            }

            if (head.Remove("Expect"))
            {
                await near.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n");
            }

            if (fate.Status != 0 && !fate.LosesAnswer)
            {
                await near.CopyBodyAsync(Stream.Null, request.Length, fate);
                await near.AnswerAsync(fate);
                return;
            }

            await PassOnAsync(near, head, request, fate);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // Either side has gone: then so does the other.
        }
        finally
        {
            if (fate.Resets)
            {
                // Closed with no time to linger, the other side gets a reset and not an end.
                client.Client?.Close(timeout: 0);
            }
        }
    }

    private async Task PassOnAsync(ProxyConnection near, RequestHead head, ProxiedRequest request, RequestFate fate)
    {
        using TcpClient server = new();
        await server.ConnectAsync(_server.Host, _server.Port);
        await using NetworkStream far = server.GetStream();
        head.Remove("Connection");
        head.Lines.Add("Connection: close");
        await far.WriteAsync(Encoding.Latin1.GetBytes(string.Join("\r\n", head.Lines) + "\r\n\r\n"));
        await near.CopyBodyAsync(far, request.Length, fate);
        if (!fate.LosesAnswer)
        {
            await near.CopyAnswerAsync(far, fate);
            return;
        }

        await far.CopyToAsync(Stream.Null);
        if (fate.Status != 0)
        {
            await near.AnswerAsync(fate);
        }
    }

    private ProxiedRequest Count(RequestHead head)
    {
        string[] words = head.Lines[0].Split(' ');
        lock (_lock)
        {
            int number = _counts.GetValueOrDefault(words[0]) + 1;
            _counts[words[0]] = number;
            return new ProxiedRequest(
                number,
                words[0],
                words[1],
                long.Parse(head.Find("Content-Length") ?? "0", CultureInfo.InvariantCulture),
                head.Find("Authorization")?.Split("Credential=")[^1].Split('/')[0],
                head.Find("x-amz-security-token"));
        }
    }
}
