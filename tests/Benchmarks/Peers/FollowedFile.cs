namespace Benchmarks.Peers;

/// <summary>A file that somebody else writes, one line an event.</summary>
internal sealed class FollowedFile(string path)
{
    private static readonly TimeSpan _longest = TimeSpan.FromMinutes(1);

    private readonly byte[] _piece = new byte[1 << 20];
    private long _position;
    private long _lines;

    /// <summary>Waits until the file has that many lines.</summary>
    /// <exception cref="TimeoutException">It got no more within a minute, or has too many.</exception>
    public void WaitFor(long lines)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        file.Position = _position;
        long begun = Environment.TickCount64;
        while (_lines < lines)
        {
            int read = file.Read(_piece);
            _lines += _piece.AsSpan(0, read).Count((byte)'\n');
            _position += read;
            if (read == 0)
            {
                if (Environment.TickCount64 - begun > _longest.TotalMilliseconds)
                {
                    break;
                }

                Thread.Sleep(1);
            }
        }

        if (_lines != lines)
        {
            throw new TimeoutException($"{path} has {_lines} lines instead of {lines}.");
        }
    }
}
