namespace Sink.Core.Options;

/// <summary>Finds the directory of a journal that names none.</summary>
internal static class LocalDirectoryFinder
{
    public const string DirectoryVariable = "S3JOURNAL_DIRECTORY";
    public const string StateVariable = "STATE_DIRECTORY";
    public const string ProgramDataVariable = "ProgramData";

    private const string Folder = "s3journal";

    /// <summary>
    /// An explicit directory is taken as it is. Else the first that is set and writable; when none is, the first that is
    /// set, so that opening it fails with the operating system's own reason.
    /// </summary>
    /// <exception cref="ArgumentException">The explicit directory is no path.</exception>
    public static LocalDirectoryChoice Find(string? explicitDirectory, string application, HostEnvironment environment, Func<string, bool> isWritable)
    {
        if (explicitDirectory is not null)
        {
            return new LocalDirectoryChoice(Path.GetFullPath(explicitDirectory), nameof(JournalOptions.LocalDirectory), IsTemporary: false);
        }

        LocalDirectoryChoice? first = null;
        foreach ((string? root, string source, bool isTemporary) in Candidates(environment))
        {
            if (string.IsNullOrWhiteSpace(root))
            {
                continue;
            }

            var choice = new LocalDirectoryChoice(Path.GetFullPath(Path.Combine(root, Folder, application)), source, isTemporary);
            if (isWritable(choice.Path))
            {
                return choice;
            }

            first ??= choice;
        }

        return first ?? new LocalDirectoryChoice(Path.GetFullPath(Path.Combine(Folder, application)), "the working directory", IsTemporary: false);
    }

    private static IEnumerable<(string? Root, string Source, bool IsTemporary)> Candidates(HostEnvironment environment)
    {
        yield return (environment.GetVariable(DirectoryVariable), DirectoryVariable, false);

        // systemd joins several with a colon; the first is the unit's own.
        yield return (environment.GetVariable(StateVariable)?.Split(':')[0], StateVariable, false);

        // The local application data of a service account lies below System32, where nobody looks.
        if (environment.IsWindows && !environment.IsInteractive)
        {
            yield return (environment.GetVariable(ProgramDataVariable), "%ProgramData%", false);
        }

        yield return (environment.LocalApplicationData, "the user's local application data", false);
        yield return (environment.TemporaryDirectory, "the temporary directory", true);
    }
}
