using System.Globalization;

namespace Sink.Core.Delivery;

/// <summary>Name of a staged object's data file: <c>{id:12 hex}-{generation}.object</c>.</summary>
internal static class StagedName
{
    public const string Suffix = ".object";

    public static string Of(long id, int generation) => string.Create(CultureInfo.InvariantCulture, $"{id:x12}-{generation}{Suffix}");

    public static bool TryParse(string name, out long id, out int generation)
    {
        id = 0;
        generation = 0;
        int dash = name.IndexOf('-', StringComparison.Ordinal);
        return dash == 12
            && name.EndsWith(Suffix, StringComparison.Ordinal)
            && long.TryParse(name.AsSpan(0, dash), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out id)
            && int.TryParse(name.AsSpan(dash + 1, name.Length - dash - 1 - Suffix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out generation)
            && Of(id, generation) == name;
    }
}
