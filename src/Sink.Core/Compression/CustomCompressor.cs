using System.Net.Http.Headers;

namespace Sink.Core.Compressing;

/// <summary>The program's own compressor: what its frames are, found once, and how an instance is made.</summary>
internal sealed class CustomCompressor
{
    private const int LongestName = 16;
    private const int LongestSuffix = 16;
    private const int LongestContentType = 100;

    private readonly Func<Compressor> _create;

    private CustomCompressor(Func<Compressor> create, FrameKind kind)
    {
        _create = create;
        Kind = kind;
    }

    public FrameKind Kind { get; }

    /// <summary>Makes one, to see what it is; null with what is wrong with it.</summary>
    public static CustomCompressor? TryFind(Func<Compressor> create, out string fault)
    {
        try
        {
            using Compressor? compressor = create();
            FrameKind? kind = compressor is null ? null : FrameKind.Of(compressor);
            fault = kind is null ? "made no compressor; return a new one at each call" : Fault(kind);
            return fault.Length == 0 ? new CustomCompressor(create, kind!) : null;
        }
        catch (Exception exception)
        {
            fault = $"failed to make a compressor: {exception.GetType().Name}: {exception.Message}";
            return null;
        }
    }

    /// <summary>Whether a kind that was read is one that <see cref="TryFind"/> takes: its suffix becomes part of a key.</summary>
    public static bool IsSound(FrameKind kind) => Fault(kind).Length == 0;

    /// <exception cref="InvalidOperationException">It is another compressor than the first one was.</exception>
    public Compressor Create()
    {
        Compressor? compressor = _create();
        if (compressor is null || FrameKind.Of(compressor) != Kind)
        {
            compressor?.Dispose();
            throw new InvalidOperationException($"UseCompressor made {(compressor is null ? "nothing" : $"'{compressor.Name}'")} where it made '{Kind.Name}' before.");
        }

        return compressor;
    }

    private static string Shown(string? text) => text is null ? "" : new string([.. text.Select(static c => char.IsControl(c) ? '?' : c)]);

    private static string Fault(FrameKind kind)
    {
        (string? name, string? suffix, string? contentType) = kind;
        if (name is null || name.Length is 0 or > LongestName || !name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '+'))
        {
            return $"has the Name \"{Shown(name)}\"; write 1 to {LongestName} of the characters A-Z a-z 0-9 - _ . +";
        }

        if (FrameKind.BuiltIn.Any(built => built.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
        {
            return $"has the Name \"{name}\", which a built-in compression has; choose another";
        }

        if (suffix is null || suffix.Length is < 2 or > LongestSuffix || suffix[0] != '.' || !suffix.Skip(1).All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_'))
        {
            return $"has the Suffix \"{Shown(suffix)}\"; write a dot and 1 to {LongestSuffix - 1} of the characters a-z 0-9 - _, such as \".lz4\"";
        }

        bool isType = contentType is { Length: > 0 and <= LongestContentType } && contentType.All(static c => c is >= ' ' and <= '~') && MediaTypeHeaderValue.TryParse(contentType, out _);
        return isType ? "" : $"has the ContentType \"{Shown(contentType)}\"; write a media type of at most {LongestContentType} characters, such as \"application/x-lz4\"";
    }
}
