using Sink.Core.Diagnostics;
using Sink.Core.Options;
using Sink.Core.Storage;

namespace Sink.Core;

/// <summary>The open journals of this process, by directory, with the number of their handles.</summary>
internal static class JournalRegistry
{
    private static readonly Lock _lock = new();

    // Owned by _lock.
    private static readonly Dictionary<string, (JournalCore Core, int Handles)> _open = new(StringComparer.Ordinal);
    private static bool _watchesExit;

    /// <summary>A handle more on the directory's journal, opened when this is the first.</summary>
    public static JournalCore Open(JournalOptions options)
    {
        JournalSettings settings = JournalSettings.From(options, ProcessEnvironment.Instance, DiskDirectory.IsWritable);
        string path = settings.LocalDirectory.Path;
        lock (_lock)
        {
            if (_open.TryGetValue(path, out (JournalCore Core, int Handles) entry))
            {
                IReadOnlyList<string> differences = entry.Core.Settings.DifferencesFrom(settings);
                if (differences.Count > 0)
                {
                    throw new JournalException($"The journal in {path} is already open in this process with other settings:{Environment.NewLine}{string.Join(Environment.NewLine, differences.Select(static line => "- " + line))}{Environment.NewLine}Use the same settings, or another LocalDirectory.") { IsConfiguration = true };
                }

                entry.Core.Notifier.AddListeners(settings.FailureListeners);
            }
            else
            {
                entry = (JournalCore.Open(settings), 0);
            }

            _open[path] = (entry.Core, entry.Handles + 1);
            JournalMeter.Start();
            WatchExitNeedsLock();
            return entry.Core;
        }
    }

    /// <summary>A handle less; the last one closes the journal.</summary>
    public static void Release(JournalCore core)
    {
        string path = core.Settings.LocalDirectory.Path;
        lock (_lock)
        {
            (JournalCore Core, int Handles) entry = _open[path];
            if (entry.Handles > 1)
            {
                _open[path] = (entry.Core, entry.Handles - 1);
                return;
            }

            _open.Remove(path);
        }

        // Outside the lock: it may take the whole shutdown time-out, and a new open takes another lane meanwhile.
        core.Close();
    }

    public static IReadOnlyList<JournalCore> All()
    {
        lock (_lock)
        {
            return [.. _open.Values.Select(static entry => entry.Core)];
        }
    }

    private static void WatchExitNeedsLock()
    {
        if (_watchesExit)
        {
            return;
        }

        // The ring survives the process anyway; this is for a machine that goes down with it.
        _watchesExit = true;
        AppDomain.CurrentDomain.ProcessExit += static (_, _) =>
        {
            foreach (JournalCore core in All())
            {
                core.CommitNow();
            }
        };
    }
}
