using System.Globalization;

namespace Sink.Core.Storage;

/// <summary>
/// Damaged files are set aside under a name that says what they were and when: <c>{name}.{yyyyMMddTHHmmssZ}.damaged</c>. They are
/// never read again, and go only when they would take too much of the disk, the oldest first.
/// </summary>
internal static class Quarantine
{
    public const string Suffix = ".damaged";

    /// <summary>A disk that keeps failing must not be filled with what it spoiled. The newest stays, however large it is.</summary>
    public const long MostBytes = 512L << 20;

    private const string TimeFormat = "yyyyMMdd'T'HHmmss'Z'";

    /// <summary>Sets a file aside, or a link, and returns the line that reports it.</summary>
    public static string SetAside(StorageDirectory directory, string name, DateTimeOffset now, long mostBytes = MostBytes)
    {
        string stem = string.Create(CultureInfo.InvariantCulture, $"{name}.{now.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture)}");
        string target = stem + Suffix;
        bool isLink = directory.IsLink(name);
        for (int i = 1; !directory.TryRename(name, target); i++)
        {
            target = string.Create(CultureInfo.InvariantCulture, $"{stem}.{i}{Suffix}");
        }

        int gone = DeleteOldest(directory, target, mostBytes);
        string rest = gone == 0 ? "" : $" {gone} older ones were deleted, for all together would take more than {mostBytes:N0} bytes.";
        string what = isLink ? "is a link, which a journal does not follow," : "is damaged";
        return $"{Path.Join(directory.Path, name)} {what} and was set aside as {target}.{rest}";
    }

    public static void SetAsideIfThere(StorageDirectory directory, string name, DateTimeOffset now)
    {
        if (!directory.IsLink(name))
        {
            using StorageFile? there = directory.Open(name);
            if (there is null)
            {
                return;
            }
        }

        SetAside(directory, name, now);
    }

    /// <summary>Whether a name is one that <see cref="SetAside"/> gave, and when.</summary>
    public static bool TryParse(string name, out DateTimeOffset when)
    {
        when = default;
        if (!name.EndsWith(Suffix, StringComparison.Ordinal))
        {
            return false;
        }

        string[] parts = name[..^Suffix.Length].Split('.');
        int time = parts.Length - 1;
        if (time > 1 && int.TryParse(parts[time], NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            time--;
        }

        return time > 0 && DateTimeOffset.TryParseExact(parts[time], TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out when);
    }

    private static int DeleteOldest(StorageDirectory directory, string newest, long mostBytes)
    {
        List<(DateTimeOffset When, StorageEntry Entry)> aside = [];
        foreach (StorageEntry entry in directory.List())
        {
            if (!entry.IsDirectory && TryParse(entry.Name, out DateTimeOffset when))
            {
                aside.Add((when, entry));
            }
        }

        long bytes = aside.Sum(static pair => pair.Entry.Length);
        int gone = 0;
        foreach ((_, StorageEntry entry) in aside.Where(pair => pair.Entry.Name != newest).OrderBy(static pair => pair.When).ThenBy(static pair => pair.Entry.Name, StringComparer.Ordinal))
        {
            if (bytes <= mostBytes)
            {
                break;
            }

            directory.Delete(entry.Name);
            bytes -= entry.Length;
            gone++;
        }

        return gone;
    }
}
