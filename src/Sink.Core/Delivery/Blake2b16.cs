using Konscious.Security.Cryptography;

namespace Sink.Core.Delivery;

/// <summary>
/// BLAKE2b with a digest of 16 bytes (in its parameter block: not a longer digest cut short), unkeyed, as lower-case hex.
/// Takes bytes in pieces, so that an object of 5 GiB needs no memory. Not safe for concurrent use.
/// </summary>
internal sealed class Blake2b16 : IDisposable
{
    public const int HexLength = 32;

    private readonly HMACBlake2B _hash = new(HexLength * 4);

    public Blake2b16() => _hash.Initialize();

    /// <summary>The hash of a whole.</summary>
    public static string HashHex(ReadOnlySpan<byte> bytes)
    {
        using var hash = new Blake2b16();

        // The package answers arrays only: its span methods throw.
        return Convert.ToHexStringLower(hash._hash.ComputeHash(bytes.ToArray()));
    }

    public static bool IsHex(string? text) =>
        text is { Length: HexLength } && text.All(char.IsAsciiHexDigitLower);

    public void Append(byte[] buffer, int offset, int count) => _hash.TransformBlock(buffer, offset, count, null, 0);

    /// <summary>The hash of everything appended; after it the next hash begins.</summary>
    public string FinishHex()
    {
        _hash.TransformFinalBlock([], 0, 0);
        string hex = Convert.ToHexStringLower(_hash.Hash!);
        _hash.Initialize();
        return hex;
    }

    public void Dispose() => _hash.Dispose();
}
