using System.Diagnostics;
using System.Globalization;
using System.Text;
using Sink.Core.Log;
using Sink.Core.Packing;
using Sink.Core.Storage;

namespace Sink.Core.Lanes;

/// <summary>The lanes of a journal's directory: numbered directories, each with a lock that its owner holds.</summary>
internal sealed class LaneDirectories(StorageDirectory root)
{
    private const string LockName = "lock";
    private const string OwnerName = "owner";
    private const int MostLanes = 1000;

    /// <summary>Takes the first lane whose lock is free, a new one when none is.</summary>
    /// <param name="exclusive">Only lane 0 will do.</param>
    /// <exception cref="JournalException">The directory belongs to another process, named in the message.</exception>
    public (StorageDirectory Directory, int Number, IDisposable Lock) Take(bool exclusive)
    {
        for (int number = 0; number < MostLanes; number++)
        {
            if (root.IsLink(NameOf(number)))
            {
                // What it leads to is somebody else's, whatever it looks like.
                continue;
            }

            StorageDirectory directory = root.CreateDirectory(NameOf(number), SyncSite.JournalDirectory);
            if (directory.TryLock(LockName) is not { } taken)
            {
                if (exclusive)
                {
                    throw new JournalException($"{root.Path} is in use by {ReadOwner(directory)}, and Exclusive is set. End that process, name another LocalDirectory, or leave Exclusive off to have a lane of its own for each process.");
                }

                continue;
            }

            // Written by a newer version: left alone.
            if (LetGoUnless(taken, () => LaneIdentity.Read(directory) is not > LaneIdentity.FormatVersion))
            {
                NoteOwner(directory);
                return (directory, number, taken);
            }
        }

        throw new JournalException($"{root.Path} has {MostLanes} lanes in use. Name another LocalDirectory.");
    }

    /// <summary>Takes a lane whose owner is gone and left something behind; null when there is none.</summary>
    /// <param name="own">The caller's own number, passed over.</param>
    /// <param name="after">Only numbers above this.</param>
    /// <param name="place">Makes the place of a lane, for its ring.</param>
    public (LanePlace Place, IDisposable Lock)? TakeOrphan(int own, int after, Func<StorageDirectory, int, LanePlace> place)
    {
        foreach (int number in Numbers().Where(number => number != own && number > after))
        {
            if (root.OpenDirectory(NameOf(number)) is not { } directory
                || LaneIdentity.Read(directory) is not (LaneIdentity.FormatVersion or null or 0)
                || IsDone(place(directory, number))
                || directory.TryLock(LockName) is not { } taken)
            {
                continue;
            }

            // Its owner may have finished between the look and the lock.
            LanePlace orphan = place(directory, number);
            if (LetGoUnless(taken, () => !IsDone(orphan)))
            {
                NoteOwner(directory);
                return (orphan, taken);
            }
        }

        return null;
    }

    /// <summary>Keeps a lock only where the answer is yes: one that a failed look leaves behind would be held until the process ends.</summary>
    private static bool LetGoUnless(IDisposable taken, Func<bool> keep)
    {
        bool kept = false;
        try
        {
            return kept = keep();
        }
        finally
        {
            if (!kept)
            {
                taken.Dispose();
            }
        }
    }

    /// <summary>Whether the last run of a lane closed it with nothing left. A later run that was killed has another number in the ring.</summary>
    private static bool IsDone(LanePlace place)
    {
        bool hasAny = false;
        foreach (StorageEntry entry in place.Directory.List())
        {
            if (entry.IsLink || Delivery.SealedName.TryParse(entry.Name, out _) || SegmentName.TryParse(entry.Name, out _))
            {
                return false;
            }

            hasAny |= entry.Name is LaneIdentity.FileName;
        }

        if (!hasAny)
        {
            return true;
        }

        RingPlace last = place.LastRing();
        using RingSource? ring = last.Directory is null ? null : RingSource.Open(last.Directory, last.Name, 0);
        return CheckpointFile.Read(place.Directory, out _) is { Closed: true } checkpoint && (ring is null || ring.Run.Number == checkpoint.Run);
    }

    private IEnumerable<int> Numbers() => root.List()
        .Where(static entry => entry.IsDirectory)
        .Select(static entry => int.TryParse(entry.Name, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && NameOf(number) == entry.Name ? number : -1)
        .Where(static number => number >= 0)
        .Order();

    private static string NameOf(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>In a file of its own: while the lock is held nobody else can open the lock file on every platform.</summary>
    private static void NoteOwner(StorageDirectory directory)
    {
        using Process process = Process.GetCurrentProcess();
        string owner = string.Create(CultureInfo.InvariantCulture, $"process {process.Id} ({process.ProcessName}) on {Environment.MachineName}");
        try
        {
            directory.Delete(OwnerName);
            using StorageFile file = directory.Create(OwnerName);
            file.Write(0, Encoding.UTF8.GetBytes(owner));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Only for the message to a second owner; whoever opens the lane meets the disk's trouble and reports it.
        }
    }

    private static string ReadOwner(StorageDirectory directory) =>
        !directory.IsLink(OwnerName) && directory.ReadAll(OwnerName) is { Length: > 0 } owner ? Encoding.UTF8.GetString(owner) : "another process";
}
