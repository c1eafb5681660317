namespace Sink.Core.Delivery;

/// <summary>Which segments of a stream's name stand in a key: from the first to the last, counted from the end where negative.</summary>
/// <param name="From">The first, 0 for the name's own first.</param>
/// <param name="To">The last; -1 for the name's own last.</param>
/// <param name="IsEncoded">As one segment, percent-encoded and cut as <see cref="StreamName.EncodeValue"/> does.</param>
internal readonly record struct StreamPart(int From, int To, bool IsEncoded)
{
    /// <summary>What stands for a segment that a stream lacks. A stream may be called so too: keys do not depend on it to differ.</summary>
    public const string Missing = "_";

    public static StreamPart Whole => new(0, -1, false);

    /// <summary>Whether it may hold a '/', and any number of them.</summary>
    public bool IsMany => From != To && !IsEncoded;

    public string Of(string stream)
    {
        string text = Cut(stream);
        return IsEncoded && text != Missing ? StreamName.EncodeValue(text) : text;
    }

    private string Cut(string stream)
    {
        if (From == 0 && To == -1)
        {
            return stream;
        }

        string[] segments = stream.Split('/');
        int from = From < 0 ? segments.Length + From : From;
        int to = To < 0 ? segments.Length + To : To;
        return from >= 0 && from <= to && to < segments.Length ? string.Join('/', segments[from..(to + 1)]) : Missing;
    }
}
