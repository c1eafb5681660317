using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Integration.Tests.Support;

/// <summary>A request that came to the proxy.</summary>
/// <param name="Number">From 1, among those of its method.</param>
/// <param name="Method">PUT, HEAD and so on.</param>
/// <param name="Path">With the query.</param>
/// <param name="Length">Bytes of the body.</param>
/// <param name="KeyId">The access key that signed it, or null.</param>
/// <param name="Token">The session's token, or null.</param>
internal sealed record ProxiedRequest(int Number, string Method, string Path, long Length, string? KeyId, string? Token);

/// <summary>
/// Stands before a server and passes requests on, one a connection, but for those that a test lets go wrong.
/// </summary>
internal sealed class S3Proxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Uri _server;
    private readonly Func<ProxiedRequest, RequestFate> _choose;
    private readonly Dictionary<string, int> _counts = [];
    private readonly Lock _lock = new();

    public S3Proxy(string server, Func<ProxiedRequest, RequestFate> choose)
    {
        _server = new Uri(server);
        _choose = choose;
        _listener.Start();
        _ = ListenAsync();
    }

    public string Endpoint => $"http://{_listener.LocalEndpoint}";

    public Watched<ProxiedRequest> Requests { get; } = new();

    public int Puts => Requests.Items.Count(r => r.Method == "PUT");

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

    private async Task ServeAsync(TcpClient client)
    {
        using TcpClient _ = client;
        try
        {
            Connection near = new(client.GetStream());
            if (await near.ReadHeadAsync() is not { } head)
            {
                return;
            }

            ProxiedRequest request = Count(head);
            Requests.Add(request);
            RequestFate fate = _choose(request);
            if (head.Remove("Expect"))
            {
                await near.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n");
            }

            if (fate.Status != 0)
            {
                await near.CopyBodyAsync(Stream.Null, request.Length, fate);
                string body = $"<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>{fate.Code}</Code><Message>As the test wants it.</Message></Error>";
                await near.WriteAsync($"HTTP/1.1 {fate.Status} {fate.Code}\r\nContent-Type: application/xml\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}");
                return;
            }

            using TcpClient server = new();
            await server.ConnectAsync(_server.Host, _server.Port);
            await using NetworkStream far = server.GetStream();
            head.Remove("Connection");
            head.Lines.Add("Connection: close");
            await far.WriteAsync(Encoding.Latin1.GetBytes(string.Join("\r\n", head.Lines) + "\r\n\r\n"));
            await near.CopyBodyAsync(far, request.Length, fate);
            if (fate.LosesAnswer)
            {
                // Not quite all of it: of a connection that ends without a word, .NET's client itself tries again.
                await far.CopyToAsync(Stream.Null);
                await near.WriteAsync("HTTP/1.1 200");
                return;
            }

            await far.CopyToAsync(near.Stream);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // Either side has gone: then so does the other.
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

    /// <summary>The client's side: a head, then a body of which some may have come with the head.</summary>
    private sealed class Connection(NetworkStream stream)
    {
        private readonly byte[] _buffer = new byte[64 * 1024];
        private int _filled;

        public NetworkStream Stream => stream;

        public async Task<RequestHead?> ReadHeadAsync()
        {
            int end;
            while ((end = _buffer.AsSpan(0, _filled).IndexOf("\r\n\r\n"u8)) < 0)
            {
                int read = await stream.ReadAsync(_buffer.AsMemory(_filled));
                if (read == 0)
                {
                    return null;
                }

                _filled += read;
            }

            RequestHead head = new([.. Encoding.Latin1.GetString(_buffer, 0, end).Split("\r\n")]);
            _buffer.AsSpan(end + 4, _filled - end - 4).CopyTo(_buffer);
            _filled -= end + 4;
            return head;
        }

        public async Task CopyBodyAsync(Stream target, long length, RequestFate fate)
        {
            for (long passed = 0; passed < length;)
            {
                int read = _filled > 0 ? _filled : await stream.ReadAsync(_buffer);
                if (read == 0)
                {
                    throw new IOException("The client has gone.");
                }

                _filled = 0;
                long half = length / 2;
                bool isHalf = passed <= half && passed + read > half;
                int before = isHalf ? (int)(half - passed) : read;
                await target.WriteAsync(_buffer.AsMemory(0, before));
                if (isHalf)
                {
                    await target.FlushAsync();
                    await fate.InMidBody();
                    await target.WriteAsync(_buffer.AsMemory(before, read - before));
                }

                passed += read;
            }
        }

        public ValueTask WriteAsync(string text) => stream.WriteAsync(Encoding.Latin1.GetBytes(text));
    }

    private sealed record RequestHead(List<string> Lines)
    {
        public string? Find(string name) => Lines.Find(Names(name))?[(name.Length + 1)..].Trim();

        public bool Remove(string name) => Lines.RemoveAll(Names(name)) > 0;

        private static Predicate<string> Names(string name) => line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase);
    }
}
