namespace Sink.Core.Storage;

/// <summary>Damaged files are set aside under a name that says what they were, never deleted and never read again.</summary>
internal static class Quarantine
{
    public const string Suffix = ".damaged";

    /// <summary>Sets a file aside and returns the line that reports it.</summary>
    public static string SetAside(StorageDirectory directory, string name)
    {
        string target = name + Suffix;
        for (int i = 1; !directory.TryRename(name, target); i++)
        {
            target = $"{name}.{i}{Suffix}";
        }

        return $"{Path.Join(directory.Path, name)} is damaged and was set aside as {target}.";
    }

    public static void SetAsideIfThere(StorageDirectory directory, string name)
    {
        using (StorageFile? there = directory.Open(name))
        {
            if (there is null)
            {
                return;
            }
        }

        SetAside(directory, name);
    }
}
