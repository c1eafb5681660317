using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Extensions.Logging.S3Journal.Tests.EndToEnd;

/// <summary>Answers every request on the loopback device as a server would that has stored the object, and remembers who signed it.</summary>
internal sealed class RecordingServer : IDisposable
{
    private readonly HttpListener _listener = Listen();

    public RecordingServer()
    {
        _ = AnswerAsync();
    }

    public string Endpoint => _listener.Prefixes.Single().TrimEnd('/');

    /// <summary>The key id, region and service of each put.</summary>
    public ConcurrentQueue<string> Signers { get; } = new();

    public void Dispose() => _listener.Close();

    private static HttpListener Listen()
    {
        while (true)
        {
            using TcpListener free = new(IPAddress.Loopback, 0);
            free.Start();
            HttpListener listener = new();
            listener.Prefixes.Add($"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/");
            free.Stop();
            try
            {
                listener.Start();
                return listener;
            }
            catch (HttpListenerException)
            {
                // Somebody else was faster; another one.
            }
        }
    }

    private static string SignerOf(HttpListenerRequest request)
    {
        // AWS4-HMAC-SHA256 Credential=KEY/20261122/eu-west-3/s3/aws4_request, SignedHeaders=...
        string[] scope = (request.Headers["Authorization"] ?? "").Split("Credential=")[^1].Split(',')[0].Split('/');
        return scope.Length < 4 ? "nobody" : $"{scope[0]} {scope[2]} {scope[3]}";
    }

    private async Task AnswerAsync()
    {
        try
        {
            while (true)
            {
                HttpListenerContext context = await _listener.GetContextAsync();
                await context.Request.InputStream.CopyToAsync(Stream.Null);
                if (context.Request.HttpMethod == "PUT")
                {
                    Signers.Enqueue(SignerOf(context.Request));
                    context.Response.Headers["ETag"] = "\"0123456789abcdef0123456789abcdef\"";
                }
                else
                {
                    context.Response.StatusCode = 404;
                }

                context.Response.Close();
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
