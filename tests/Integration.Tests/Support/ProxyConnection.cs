using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Integration.Tests.Support;

/// <summary>The client's side of a proxied request: a head, then a body of which some may have come with the head.</summary>
internal sealed class ProxyConnection(NetworkStream stream)
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _filled;

    /// <summary>Null when the client went without a request.</summary>
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
            await WriteAsync(target, _buffer.AsMemory(0, before), fate);
            if (isHalf)
            {
                await target.FlushAsync();
                await fate.InMidBody();
                if (fate.CutsBody)
                {
                    throw new IOException("The test wants it to end here.");
                }

                await WriteAsync(target, _buffer.AsMemory(before, read - before), fate);
            }

            passed += read;
        }
    }

    /// <summary>Passes the server's answer on, as much of it as is to come through.</summary>
    public async Task CopyAnswerAsync(Stream source, RequestFate fate)
    {
        if (fate.PieceBytes == 0 && fate.Pause > TimeSpan.Zero)
        {
            await Task.Delay(fate.Pause, TimeProvider.System);
        }

        int left = fate.AnswerBytes;
        int read;
        while (left > 0 && (read = await source.ReadAsync(_buffer.AsMemory(0, Math.Min(left, _buffer.Length)))) > 0)
        {
            await WriteAsync(stream, _buffer.AsMemory(0, read), fate);
            left -= read;
        }
    }

    public async Task AnswerAsync(RequestFate fate)
    {
        string body = fate.Code.Length == 0 ? "" : $"<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>{fate.Code}</Code><Message>As the test wants it.</Message></Error>";
        string head = string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {fate.Status} {(fate.Code.Length > 0 ? fate.Code : "Error")}\r\nContent-Type: application/xml\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n");
        await WriteAsync(head + body);
    }

    public ValueTask WriteAsync(string text) => stream.WriteAsync(Encoding.Latin1.GetBytes(text));

    private static async Task WriteAsync(Stream target, ReadOnlyMemory<byte> bytes, RequestFate fate)
    {
        if (fate.PieceBytes == 0)
        {
            await target.WriteAsync(bytes);
            return;
        }

        for (int at = 0; at < bytes.Length; at += fate.PieceBytes)
        {
            await Task.Delay(fate.Pause, TimeProvider.System);
            await target.WriteAsync(bytes[at..Math.Min(at + fate.PieceBytes, bytes.Length)]);
            await target.FlushAsync();
        }
    }
}
