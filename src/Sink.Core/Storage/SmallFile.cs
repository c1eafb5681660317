using System.Text;

namespace Sink.Core.Storage;

/// <summary>A small text file that others write, read whole each time.</summary>
internal static class SmallFile
{
    /// <exception cref="IOException">There is none, it cannot be read, or it is larger than that.</exception>
    public static string ReadText(string path, int mostBytes)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
        byte[] bytes = new byte[mostBytes + 1];
        int count = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return count <= mostBytes
            ? Encoding.UTF8.GetString(bytes, 0, count)
            : throw new IOException($"{path} holds more than {mostBytes} bytes");
    }
}
