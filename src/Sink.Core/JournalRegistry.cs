using Sink.Core.Diagnostics;
using Sink.Core.Options;
using Sink.Core.Storage;

namespace Sink.Core;

/// <summary>The open journals of this process, by directory, with the number of their handles.</summary>
internal static class JournalRegistry
{
    private static readonly Lock _lock = new();

    // Owned by _lock, which nobody holds during I/O: a slow disk holds up whoever opens its directory, and nobody else.
    private static readonly Dictionary<string, Entry> _open = new(StringComparer.Ordinal);
    private static bool _watchesExit;

    /// <summary>A handle more on the directory's journal, opened when this is the first.</summary>
    public static JournalCore Open(JournalOptions options)
    {
        JournalSettings settings = JournalSettings.From(options, ProcessEnvironment.Instance, DiskDirectory.IsWritable);

        // By way of a link it is the same directory, and the same journal.
        string path = DiskDirectory.PhysicalPath(settings.LocalDirectory.Path);
        settings = settings with { LocalDirectory = settings.LocalDirectory with { Path = path } };
        while (true)
        {
            Entry entry;
            lock (_lock)
            {
                if (!_open.TryGetValue(path, out entry!))
                {
                    _open.Add(path, entry = new Entry());
                }
            }

            lock (entry.Gate)
            {
                // Its last handle may have gone, or its open failed, while this thread waited for the gate.
                if (!entry.IsGone)
                {
                    return OpenNeedsGate(entry, settings, path);
                }
            }
        }
    }

    /// <summary>A handle less; the last one closes the journal.</summary>
    public static void Release(JournalCore core)
    {
        string path = core.Settings.LocalDirectory.Path;
        Entry entry;
        lock (_lock)
        {
            entry = _open[path];
        }

        lock (entry.Gate)
        {
            if (--entry.Handles > 0)
            {
                return;
            }

            RemoveNeedsGate(entry, path);
        }

        // Outside the gate: it may take the whole shutdown time-out, and a new open takes another lane meanwhile.
        core.Close();
    }

    public static IReadOnlyList<JournalCore> All()
    {
        lock (_lock)
        {
            return [.. _open.Values.Select(static entry => entry.Core).OfType<JournalCore>()];
        }
    }

    private static JournalCore OpenNeedsGate(Entry entry, JournalSettings settings, string path)
    {
        if (entry.Core is { } open)
        {
            IReadOnlyList<string> differences = open.Settings.DifferencesFrom(settings);
            if (differences.Count > 0)
            {
                throw new JournalException($"The journal in {path} is already open in this process with other settings:{Environment.NewLine}{string.Join(Environment.NewLine, differences.Select(static line => "- " + line))}{Environment.NewLine}Use the same settings, or another LocalDirectory.") { IsConfiguration = true };
            }

            open.Notifier.AddListeners(settings.FailureListeners);
            open.Notifier.AddDeliveryListeners(settings.DeliveryListeners);
            entry.Handles++;
            return open;
        }

        try
        {
            JournalCore core = JournalCore.Open(settings);
            entry.Handles = 1;
            entry.Core = core;
            JournalMeter.Start();
            WatchExit();
            return core;
        }
        catch
        {
            RemoveNeedsGate(entry, path);
            throw;
        }
    }

    private static void RemoveNeedsGate(Entry entry, string path)
    {
        entry.IsGone = true;
        lock (_lock)
        {
            _open.Remove(path);
        }
    }

    private static void WatchExit()
    {
        lock (_lock)
        {
            if (_watchesExit)
            {
                return;
            }

            _watchesExit = true;
        }

        // The ring survives the process anyway; this is for a machine that goes down with it.
        AppDomain.CurrentDomain.ProcessExit += static (_, _) =>
        {
            foreach (JournalCore core in All())
            {
                core.CommitNow();
            }
        };
    }

    /// <summary>A directory's journal, or its being opened.</summary>
    private sealed class Entry
    {
        private volatile JournalCore? _core;

        /// <summary>Held while the journal is opened.</summary>
        public Lock Gate { get; } = new();

        /// <summary>Written under the gate, read by all; null until it is open.</summary>
        public JournalCore? Core
        {
            get => _core;
            set => _core = value;
        }

        // Owned by Gate.
        public int Handles { get; set; }

        public bool IsGone { get; set; }
    }
}
