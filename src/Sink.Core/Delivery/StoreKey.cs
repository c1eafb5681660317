using System.Text;
using Sink.Core.Diagnostics;

namespace Sink.Core.Delivery;

/// <summary>What a key must be to be a path below a directory, and the names that stand beside an object there.</summary>
internal static class StoreKey
{
    /// <summary>Limit of S3, kept here too so that a directory can be copied to a bucket.</summary>
    public const int MaxBytes = 1024;

    /// <summary>What common file systems allow for one name.</summary>
    public const int MaxSegmentBytes = 255;

    /// <summary>Room that <see cref="TemporaryOf"/> and <see cref="MetadataOf"/> need around the object's own name.</summary>
    private const int AroundName = 32;

    private const int UniqueLength = 16;

    /// <summary>What is wrong with the key, or null.</summary>
    public static string? Check(string key)
    {
        if (Encoding.UTF8.GetByteCount(key) > MaxBytes)
        {
            return $"it has more than {MaxBytes} bytes";
        }

        string[] segments = key.Split('/');
        foreach (string segment in segments)
        {
            // A leading dot takes care of "." and ".." and keeps clear of the names this store makes for itself.
            if (segment.Length == 0 || segment[0] == '.')
            {
                return segment.Length == 0 ? "it has an empty segment" : "a segment begins with '.'";
            }

            if (segment.AsSpan().Contains('\\') || segment.Any(char.IsControl))
            {
                return "it has a backslash or a control character";
            }

            if (Encoding.UTF8.GetByteCount(segment) > MaxSegmentBytes)
            {
                return $"a segment has more than {MaxSegmentBytes} bytes";
            }
        }

        return Encoding.UTF8.GetByteCount(segments[^1]) > MaxSegmentBytes - AroundName
            ? $"its last segment has more than {MaxSegmentBytes - AroundName} bytes"
            : null;
    }

    /// <summary>Whether a key leads to a place below the root, in whatever store: weaker than <see cref="Check"/>, for a bucket takes other names than a directory.</summary>
    public static bool IsInside(string key)
    {
        if (key.Any(char.IsControl) || key.Contains('\\') || Encoding.UTF8.GetByteCount(key) > MaxBytes)
        {
            return false;
        }

        foreach (Range segment in key.AsSpan().Split('/'))
        {
            if (key.AsSpan(segment) is "" or "." or "..")
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The file that holds an object's metadata: dot-prefixed, so that query engines skip it.</summary>
    public static string MetadataOf(string name) => $".{name}.meta";

    /// <summary>A name for an unfinished object that no other store makes.</summary>
    public static string TemporaryOf(string name, RandomSource random) => $".{name}-{random.NextHex()[..UniqueLength]}{Storage.StorageDirectory.TemporarySuffix}";

    /// <summary>The name that <see cref="TemporaryOf"/> was given, or null when it did not make this one.</summary>
    public static string? OwnerOfTemporary(string temporary)
    {
        int end = temporary.Length - UniqueLength - Storage.StorageDirectory.TemporarySuffix.Length - 1;
        return end > 1 && temporary[0] == '.' && temporary[end] == '-' && temporary.EndsWith(Storage.StorageDirectory.TemporarySuffix, StringComparison.Ordinal)
            ? temporary[1..end]
            : null;
    }
}
