using System.Text.Json;
using Sink.Core;

namespace Streams;

/// <summary>Reads the objects of a run back, as any reader of JSON would: each is one array.</summary>
internal static class Check
{
    /// <returns>The program's exit code: 0 when each document is there once, and in order within its stream.</returns>
    public static async Task<int> RunAsync(JournalOptions options, string run, int documents)
    {
        int objects = 0;
        int outOfOrder = 0;
        HashSet<int> found = [];
        int all = 0;
        Dictionary<string, int> newest = [];
        using JournalReader reader = JournalReader.Open(options);
        await foreach (JournalObject stored in reader.ListAsync())
        {
            await using Stream content = await reader.OpenAsync(stored);
            using JsonDocument array = await JsonDocument.ParseAsync(content);
            objects++;
            foreach (JsonElement document in array.RootElement.EnumerateArray())
            {
                if (document.GetProperty("run").GetString() != run)
                {
                    continue;
                }

                int number = document.GetProperty("number").GetInt32();
                outOfOrder += number < newest.GetValueOrDefault(stored.Stream, -1) ? 1 : 0;
                newest[stored.Stream] = number;
                found.Add(number);
                all++;
            }
        }

        Console.WriteLine($"{objects} JSON arrays; of this run {all} documents in {newest.Count} streams: missing {documents - found.Count}, doubled {all - found.Count}, out of order {outOfOrder}");
        return found.Count == documents && all == documents && outOfOrder == 0 ? 0 : 1;
    }
}
