using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace OpenTelemetry.Exporter.S3Journal.Tests.Support;

/// <summary>Takes what an OTLP exporter sends by HTTP, on a port of its own.</summary>
internal sealed class OtlpReceiver : IDisposable
{
    private readonly HttpListener _listener;
    private readonly BlockingCollection<byte[]> _bodies = [];

    private OtlpReceiver(HttpListener listener, Uri address)
    {
        _listener = listener;
        Address = address;
        _ = Task.Run(ListenAsync);
    }

    public Uri Address { get; }

    public static OtlpReceiver Start()
    {
        while (true)
        {
            using TcpListener probe = new(IPAddress.Loopback, 0);
            probe.Start();
            Uri address = new($"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/");
            probe.Stop();
            HttpListener listener = new();
            listener.Prefixes.Add(address.AbsoluteUri);
            try
            {
                listener.Start();
                return new OtlpReceiver(listener, address);
            }
            catch (HttpListenerException)
            {
                // Somebody took the port in between: another one.
            }
        }
    }

    /// <summary>The next request's body; an exporter behind the simple processor has sent it before the event's call returns.</summary>
    public byte[] Take() => _bodies.TryTake(out byte[]? body, TimeSpan.FromSeconds(30)) ? body : throw new TimeoutException("The OTLP exporter sent nothing.");

    /// <summary>The loop is not waited for: a listener closed at the wrong moment never completes what it was asked for.</summary>
    public void Dispose() => _listener.Close();

    private async Task ListenAsync()
    {
        try
        {
            while (true)
            {
                HttpListenerContext context = await _listener.GetContextAsync();
                using MemoryStream body = new();
                await context.Request.InputStream.CopyToAsync(body);
                _bodies.Add(body.ToArray());
                context.Response.ContentType = "application/x-protobuf";
                context.Response.Close();
            }
        }
        catch (Exception closed) when (closed is HttpListenerException or InvalidOperationException)
        {
        }
    }
}
