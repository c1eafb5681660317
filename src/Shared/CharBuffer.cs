using System.Globalization;
using System.Text;

namespace S3Journal.Adapters;

/// <summary>A text writer whose text can be read as one span. Each thread keeps one between events.</summary>
internal sealed class CharBuffer : TextWriter
{
    internal const int MaxKeptChars = 128 * 1024;

    [ThreadStatic]
    private static CharBuffer? _idle;

    private char[] _chars = new char[256];
    private int _length;
    private int _limit = int.MaxValue;

    private CharBuffer()
        : base(CultureInfo.InvariantCulture)
    {
    }

    public override Encoding Encoding => Encoding.Unicode;

    public ReadOnlySpan<char> Written => _chars.AsSpan(0, _length);

    /// <summary>This thread's buffer, empty; taken out of its place while it is used, as <see cref="Utf8Buffer.Rent"/> is.</summary>
    /// <param name="limit">Text beyond this many characters is left out.</param>
    public static CharBuffer Rent(int limit = int.MaxValue)
    {
        CharBuffer buffer = _idle ?? new CharBuffer();
        _idle = null;
        buffer._length = 0;
        buffer._limit = limit;
        return buffer;
    }

    public static void Return(CharBuffer buffer)
    {
        if (buffer._chars.Length <= MaxKeptChars)
        {
            _idle = buffer;
        }
    }

    public override void Write(char value) => Write(new ReadOnlySpan<char>(in value));

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(ReadOnlySpan<char> buffer)
    {
        if (buffer.Length > _limit - _length)
        {
            buffer = buffer[..(_limit - _length)];
        }

        if (buffer.Length > _chars.Length - _length)
        {
            Array.Resize(ref _chars, checked((int)Math.Max(Math.Min(2L * _chars.Length, Array.MaxLength), (long)_length + buffer.Length)));
        }

        buffer.CopyTo(_chars.AsSpan(_length));
        _length += buffer.Length;
    }
}
