namespace Sink.Core.Payloads;

/// <summary>Finds where a JSON text ends, by its brackets and quotes alone.</summary>
internal static class JsonScan
{
    /// <summary>Bytes of white space at the beginning.</summary>
    public static int LengthOfSpace(ReadOnlySpan<byte> json)
    {
        int length = json.IndexOfAnyExcept(" \t\r\n"u8);
        return length < 0 ? json.Length : length;
    }

    /// <summary>The length of the value that begins with the first byte; 0 when it is not whole. A number or a word is, when something stands behind it.</summary>
    /// <exception cref="InvalidDataException">No value begins so.</exception>
    public static int LengthOfValue(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty)
        {
            return 0;
        }

        switch (json[0])
        {
            case (byte)'{' or (byte)'[':
                return LengthOfBrackets(json);
            case (byte)'"':
                return LengthOfText(json);
            case (byte)'-' or (byte)'t' or (byte)'f' or (byte)'n' or (>= (byte)'0' and <= (byte)'9'):
                return Math.Max(0, json.IndexOfAny(" \t\r\n,]}[{\""u8));
            default:
                throw new InvalidDataException($"An entry cannot begin with the byte {json[0]:x2}.");
        }
    }

    /// <summary>To the bracket that closes the first.</summary>
    private static int LengthOfBrackets(ReadOnlySpan<byte> json)
    {
        int depth = 0;
        for (int at = 0; at < json.Length; at++)
        {
            int next = json[at..].IndexOfAny("{}[]\""u8);
            if (next < 0)
            {
                return 0;
            }

            at += next;
            if (json[at] == (byte)'"')
            {
                int text = LengthOfText(json[at..]);
                if (text == 0)
                {
                    return 0;
                }

                at += text - 1;
            }
            else if (json[at] is (byte)'{' or (byte)'[')
            {
                depth++;
            }
            else if (--depth == 0)
            {
                return at + 1;
            }
        }

        return 0;
    }

    /// <summary>To the quote that closes the first.</summary>
    private static int LengthOfText(ReadOnlySpan<byte> json)
    {
        for (int at = 1; at < json.Length; at++)
        {
            int next = json[at..].IndexOfAny((byte)'"', (byte)'\\');
            if (next < 0)
            {
                return 0;
            }

            at += next;
            if (json[at] == (byte)'"')
            {
                return at + 1;
            }

            at++;
        }

        return 0;
    }
}
