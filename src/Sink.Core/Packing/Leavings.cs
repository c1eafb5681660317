using Sink.Core.Delivery;
using Sink.Core.Diagnostics;
using Sink.Core.Storage;

namespace Sink.Core.Packing;

/// <summary>
/// What goes when the next checkpoint is durable, and not before: a crash in between must not turn "dropped, and said
/// so" into "lost", and the packer may have to go back to the files of the checkpoint before. Drops are counted and
/// reported as they go, for only then are they final.
/// </summary>
internal sealed class Leavings(StorageDirectory directory, Backlog backlog)
{
    private readonly List<string> _superseded = [];
    private readonly List<(string Stream, string File, long Entries)> _rotted = [];
    private readonly List<(SealedName Name, bool Damaged)> _givenUp = [];

    /// <summary>How many of the first of them the last checkpoint names.</summary>
    private int _recorded;

    public required DropCounters Drops { get; init; }

    public required DiskBudget Budget { get; init; }

    public required Action<JournalFailure> Report { get; init; }

    /// <summary>The time in the names of files that are set aside.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Whether sealed objects wait to be given up.</summary>
    public bool HasGivenUp => _givenUp.Count > 0;

    /// <summary>Entries of compressed frames that rotted.</summary>
    public long RottedEntries => _rotted.Sum(static rotted => rotted.Entries);

    /// <summary>The file of an object that goes on in a new one.</summary>
    public void AddSuperseded(string file) => _superseded.Add(file);

    /// <summary>The file of an object whose good frames went to a new one.</summary>
    public void AddRotted(StagedObject staged, string file, long entries) => _rotted.Add((staged.Stream, file, entries));

    public void AddGivenUp(SealedName name, bool damaged) => _givenUp.Add((name, damaged));

    /// <summary>The packer goes back to the files as they were: whether they are damaged is found again.</summary>
    public void ForgetRotted() => _rotted.Clear();

    /// <summary>The checkpoint is durable. Called again after a failure, it goes on where it stopped.</summary>
    public void Clear()
    {
        _recorded = _givenUp.Count;
        for (; _superseded.Count > 0; _superseded.RemoveAt(0))
        {
            directory.Delete(_superseded[0]);
        }

        for (; _rotted.Count > 0; _rotted.RemoveAt(0))
        {
            (string stream, string file, long entries) = _rotted[0];
            Quarantine.SetAsideIfThere(directory, file, Time.GetUtcNow());
            Drops.Add(DropCause.Damaged, entries);
            Warn($"The staged object {file} in {directory.Path} was damaged: {entries} entries of the stream {stream} are lost; the file is set aside.", entries);
        }

        RemoveRecorded();
    }

    /// <summary>
    /// A delete may have failed. Once an object's metadata names the drop, no checkpoint does: files that are still there
    /// would pass for sealed ones. So before the next checkpoint they must be gone.
    /// </summary>
    public void RemoveRecorded()
    {
        for (; _recorded > 0; _recorded--)
        {
            Remove(_givenUp[0].Name, _givenUp[0].Damaged);
            _givenUp.RemoveAt(0);
        }
    }

    private void Remove(SealedName name, bool damaged)
    {
        long bytes = SealedFiles.BytesOf(directory, name);
        if (damaged)
        {
            SealedFiles.SetAside(directory, name, Time.GetUtcNow());
        }
        else
        {
            SealedFiles.Delete(directory, name);
        }

        Budget.AddStaged(-DiskBudget.OfObject(bytes));

        // Counted first: a flush that waited for the object may return now, and its caller look at the counts.
        Drops.Add(damaged ? DropCause.Damaged : DropCause.GivenUp, name.Entries);
        backlog.Drop(name);
        string why = damaged ? "was damaged and is set aside" : "was given up to make room";
        Warn($"The sealed object {name.Ordinal} in {directory.Path} {why}: {name.Entries} entries will not be delivered.", name.Entries);
    }

    private void Warn(string message, long entries) => Report(new JournalFailure(JournalFailureKind.Permanent, message, entries));
}
