using System.Text.Json;
using Sink.Core;

namespace QuickStart;

/// <summary>What stands in the bucket of one run.</summary>
internal sealed class Delivered
{
    private readonly Dictionary<int, ThreadLedger> _threads = [];

    private Delivered(IReadOnlyList<JournalObject> objects, long inBucket)
    {
        Objects = objects;
        InBucket = inBucket;
    }

    /// <summary>Objects that were not there before the run.</summary>
    public IReadOnlyList<JournalObject> Objects { get; }

    /// <summary>Events in the whole bucket, those of earlier runs included.</summary>
    public long InBucket { get; }

    /// <summary>Events in <see cref="Objects"/> that an earlier run had left in the journal.</summary>
    public long OfEarlierRuns { get; private set; }

    public long Found => _threads.Values.Sum(thread => thread.Found);

    public long Doubled => _threads.Values.Sum(thread => thread.Doubled);

    public long OutOfOrder => _threads.Values.Sum(thread => thread.OutOfOrder);

    /// <summary>Events 1 to <paramref name="last"/> of that thread that are not there.</summary>
    public long Missing(int thread, long last) => _threads.TryGetValue(thread, out ThreadLedger? ledger) ? ledger.MissingUpTo(last) : last;

    /// <summary>The keys of all objects in the bucket.</summary>
    public static async Task<IReadOnlySet<string>> KeysAsync(RunPlace place) =>
        (await ListAsync(place)).Select(found => found.Key).ToHashSet(StringComparer.Ordinal);

    /// <summary>Reads every event of the bucket but those in the objects of <paramref name="earlier"/>.</summary>
    public static async Task<Delivered> ReadAsync(RunPlace place, string run, IReadOnlySet<string> earlier)
    {
        List<JournalObject> all = await ListAsync(place);

        // The order that is promised is that within a stream and date: by ordinal.
        List<JournalObject> objects = [.. all.Where(o => !earlier.Contains(o.Key)).OrderBy(o => o.Start.UtcDateTime.Date).ThenBy(o => o.Ordinal)];
        Delivered delivered = new(objects, all.Sum(o => o.Entries));
        if (objects.Count > 0)
        {
            using JournalReader reader = JournalReader.Open(place.Options);
            foreach (JournalObject found in objects)
            {
                await foreach (ReadOnlyMemory<byte> entry in reader.ReadEntriesAsync(found))
                {
                    delivered.Add(entry, run);
                }
            }
        }

        return delivered;
    }

    private static async Task<List<JournalObject>> ListAsync(RunPlace place)
    {
        List<JournalObject> objects = [];
        if (place.Folder is null || Directory.Exists(place.Folder))
        {
            using JournalReader reader = JournalReader.Open(place.Options);
            await foreach (JournalObject found in reader.ListAsync())
            {
                objects.Add(found);
            }

            foreach (string warning in reader.Warnings)
            {
                Console.WriteLine(warning);
            }
        }

        return objects;
    }

    private void Add(ReadOnlyMemory<byte> entry, string run)
    {
        using JsonDocument json = JsonDocument.Parse(entry);
        if (json.RootElement.GetProperty(Numbering.Run).GetString() != run)
        {
            OfEarlierRuns++;
            return;
        }

        int thread = json.RootElement.GetProperty(Numbering.Thread).GetInt32();
        if (!_threads.TryGetValue(thread, out ThreadLedger? ledger))
        {
            _threads.Add(thread, ledger = new ThreadLedger());
        }

        ledger.Add(json.RootElement.GetProperty(Numbering.Sequence).GetInt64());
    }
}
