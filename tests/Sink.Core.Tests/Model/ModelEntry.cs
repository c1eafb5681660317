using System.Text;

namespace Sink.Core.Tests.Model;

/// <summary>An entry as it was appended, and what is known of it since.</summary>
internal sealed class ModelEntry
{
    private const string Digits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    private ModelEntry(int id, int lane, string stream, long timestamp, byte[] payload)
    {
        Id = id;
        Lane = lane;
        Stream = stream;
        Timestamp = timestamp;
        Payload = payload;
    }

    public int Id { get; }

    public int Lane { get; }

    public string Stream { get; }

    public long Timestamp { get; }

    /// <summary>Begins with the id, so that no two are alike.</summary>
    public byte[] Payload { get; }

    /// <summary>What the entries around it share; null when its stream had no definition.</summary>
    public byte[]? Header { get; set; }

    public long Position { get; set; }

    public long End { get; set; }

    /// <summary>Append said so; else it must never be seen.</summary>
    public bool IsStored { get; set; }

    /// <summary>Its run syncs commits.</summary>
    public bool IsSynced { get; set; }

    /// <summary>No power loss may take it.</summary>
    public bool IsDurable { get; set; }

    /// <summary>Its object was given up, or may have been: it may be seen or not.</summary>
    public bool IsGivenUp { get; set; }

    /// <summary>A reopen after a power loss did not have it: it must never come back.</summary>
    public bool IsGone { get; set; }

    public static ModelEntry Create(int id, int lane, string stream, long timestamp, int size)
    {
        StringBuilder text = new();
        for (int rest = id; rest > 0 || text.Length == 0; rest /= Digits.Length)
        {
            text.Append(Digits[rest % Digits.Length]);
        }

        if (text.Length < size)
        {
            text.Append('~');
        }

        // Does not compress well: small entries make real files.
        uint state = (uint)id + 1;
        while (text.Length < size)
        {
            state = (state * 1664525) + 1013904223;
            text.Append(Digits[(int)(state >> 16) % Digits.Length]);
        }

        return new ModelEntry(id, lane, stream, timestamp, Encoding.ASCII.GetBytes(text.ToString()));
    }

    /// <summary>The id that a payload begins with; -1 when it is none of ours.</summary>
    public static int IdOf(ReadOnlySpan<byte> payload)
    {
        int end = payload.IndexOf((byte)'~');
        ReadOnlySpan<byte> digits = end < 0 ? payload : payload[..end];
        int id = 0;
        for (int i = digits.Length - 1; i >= 0; i--)
        {
            int digit = Digits.IndexOf((char)digits[i], StringComparison.Ordinal);
            if (digit < 0 || digits.Length > 4)
            {
                return -1;
            }

            id = (id * Digits.Length) + digit;
        }

        return digits.IsEmpty ? -1 : id;
    }

    public ModelEntry Clone() => (ModelEntry)MemberwiseClone();

    public override string ToString() =>
        $"entry {Id} (lane {Lane}, {Stream}, position {Position}{(IsDurable ? ", durable" : "")}{(IsGivenUp ? ", given up" : "")}{(IsGone ? ", gone" : "")})";
}
