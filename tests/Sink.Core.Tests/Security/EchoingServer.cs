using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security;
using System.Text;

namespace Sink.Core.Tests.Security;

/// <summary>
/// Takes requests as an S3 server does, keeps their heads, and stores nothing. It either takes all, or refuses all as Amazon
/// refuses a wrong signature: with the request, as it was signed, in the answer.
/// </summary>
internal sealed class EchoingServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly bool _refuses;

    public EchoingServer(bool refuses)
    {
        _refuses = refuses;
        _listener.Start();
        new Thread(Accept) { IsBackground = true, Name = "echoing server" }.Start();
    }

    public string Endpoint => $"http://{_listener.LocalEndpoint}";

    /// <summary>Request lines with their headers.</summary>
    public ConcurrentQueue<string> Heads { get; } = new();

    public void Dispose() => _listener.Dispose();

    private void Accept()
    {
        try
        {
            while (true)
            {
                using TcpClient client = _listener.AcceptTcpClient();
                client.ReceiveTimeout = 10_000;
                Answer(client.GetStream());
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The test is over.
        }
    }

    private void Answer(NetworkStream stream)
    {
        try
        {
            string head = ReadHead(stream);
            Heads.Enqueue(head);
            if (head.Contains("Expect: 100-continue", StringComparison.OrdinalIgnoreCase))
            {
                stream.Write("HTTP/1.1 100 Continue\r\n\r\n"u8);
            }

            long left = LengthOf(head);
            byte[] body = new byte[8192];
            while (left > 0)
            {
                int read = stream.Read(body, 0, (int)Math.Min(left, body.Length));
                if (read == 0)
                {
                    return;
                }

                left -= read;
            }

            string text = _refuses
                ? $"<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>SignatureDoesNotMatch</Code><Message>The request signature we calculated does not match the signature you provided.</Message><CanonicalRequest>{SecurityElement.Escape(head)}</CanonicalRequest><RequestId>1</RequestId><HostId>1</HostId></Error>"
                : "";
            string status = _refuses ? "403 Forbidden" : "200 OK\r\nETag: \"00000000000000000000000000000000\"";
            stream.Write(Encoding.UTF8.GetBytes($"HTTP/1.1 {status}\r\nContent-Type: application/xml\r\nConnection: close\r\nContent-Length: {Encoding.UTF8.GetByteCount(text)}\r\n\r\n{text}"));
        }
        catch (IOException)
        {
            // The client went.
        }
    }

    private static string ReadHead(NetworkStream stream)
    {
        StringBuilder head = new();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            int next = stream.ReadByte();
            if (next < 0)
            {
                throw new IOException("The request was cut off.");
            }

            head.Append((char)next);
        }

        return head.ToString();
    }

    private static long LengthOf(string head)
    {
        string? line = head.Split("\r\n").FirstOrDefault(l => l.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        return line is null ? 0 : long.Parse(line["Content-Length:".Length..], System.Globalization.CultureInfo.InvariantCulture);
    }
}
