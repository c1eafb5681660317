using Sink.Core.Log;
using Sink.Core.Tests.Model;

namespace Sink.Core.Tests.CrashStates;

/// <summary>The operations on a world of one open lane, and what that world may have lived through before them.</summary>
internal static class Operations
{
    public static readonly IReadOnlyList<Operation> All = Enum.GetValues<Operation>();

    /// <summary>Nothing but opened, for the first time.</summary>
    public static void Young(JournalWorld world) => world.Open();

    /// <summary>
    /// One object delivered, two sealed, two open, one of them with a frame in its file; committed entries that are not
    /// packed, and entries that are not committed.
    /// </summary>
    public static void Grown(JournalWorld world)
    {
        world.Open();
        world.Append(2, "web", 700);
        world.Append(1, "a", 100);
        world.Append("a", 40, TimeSpan.FromDays(1));
        world.CommitAll();
        world.Pack();
        world.Seal();
        world.Deliver();
        world.Append(2, "web", 700);
        world.Append(1, "a", 100);
        world.CommitAll();
        world.Pack();
        world.Checkpoint();
        world.Append(1, "web", 300);
        world.CommitAll();
        world.Append(1, "a", 100);
    }

    public static void Do(JournalWorld world, Operation operation)
    {
        switch (operation)
        {
            case Operation.Append:
                world.Append("web", 700);
                world.Append("a", 60);
                break;
            case Operation.Commit:
                world.Commit();
                break;
            case Operation.Roll:
                Roll(world);
                break;
            case Operation.Pack:
                world.Pack();
                break;
            case Operation.Checkpoint:
                world.Checkpoint();
                break;
            case Operation.Seal:
                world.Seal();
                break;
            case Operation.Deliver:
                world.Deliver();
                break;
            case Operation.DropOldest:
                world.GiveUpOldest();
                break;
            case Operation.CloseStream:
                world.SealOldest();
                break;
            case Operation.Recover:
                world.Kill();
                world.Open();
                break;
        }
    }

    private static void Roll(JournalWorld world)
    {
        int segments = Segments(world);
        while (Segments(world) == segments)
        {
            world.Append(3, "web", ModelLane.MaxEntryBytes);
            world.Commit();
        }
    }

    private static int Segments(JournalWorld world) => world.Disk.ListFiles().Count(static file => file.EndsWith(SegmentName.Suffix, StringComparison.Ordinal));
}
