using System.Globalization;
using System.Text;
using System.Text.Json;
using Integration.Tests.Server;
using Sink.Core;

namespace Integration.Tests.Support;

/// <summary>Entries of numbered writers, each numbered in turn, so that a lost, doubled or displaced one shows.</summary>
internal static class Traffic
{
    /// <summary>Appends entries number <paramref name="first"/> and further of a writer. What does not compress makes large objects of few entries.</summary>
    public static void Append(JournalStream stream, int writer, int first, int count, int fillBytes = 0)
    {
        for (int n = first; n < first + count; n++)
        {
            Assert.Equal(AppendResult.Stored, Offer(stream, writer, n, fillBytes));
        }
    }

    /// <summary>Appends entry number <paramref name="n"/> of a writer, or sees it refused.</summary>
    public static AppendResult Offer(JournalStream stream, int writer, int n, int fillBytes)
    {
        byte[] fill = new byte[fillBytes * 3 / 4];
        new Random((writer * 7919) + n).NextBytes(fill);
        string entry = string.Create(CultureInfo.InvariantCulture, $$"""{"w":{{writer}},"n":{{n}},"fill":"{{Convert.ToBase64String(fill)}}"}""");
        return stream.Append(TimeProvider.System.GetUtcNow(), Encoding.UTF8.GetBytes(entry));
    }

    /// <summary>So many entries stand in the bucket, each once, and in the order of their numbers within each stream; others were dropped.</summary>
    public static void AssertInOrder(IEnumerable<BucketObject> objects, long count)
    {
        Dictionary<(string Stream, int Writer), List<int>> found = Find(objects);
        Assert.Equal(count, found.Values.Sum(static numbers => (long)numbers.Count));
        Assert.Equal(count, found.SelectMany(static pair => pair.Value.Select(number => (pair.Key.Writer, number))).Distinct().LongCount());
    }

    /// <summary>Every writer's entries stand in the bucket once, and in the order of their numbers within each stream.</summary>
    public static void AssertExactlyOnce(IEnumerable<BucketObject> objects, int writers, int each)
    {
        Dictionary<(string Stream, int Writer), List<int>> found = Find(objects);
        ILookup<int, int> all = found.SelectMany(pair => pair.Value, (pair, number) => (pair.Key.Writer, number)).ToLookup(e => e.Writer, e => e.number);
        Assert.Equal(Enumerable.Range(0, writers), all.Select(g => g.Key).Order());
        foreach (IGrouping<int, int> writer in all)
        {
            Assert.Equal(Enumerable.Range(0, each), writer.Order());
        }
    }

    /// <summary>The numbers of each writer in each stream, which must go up.</summary>
    private static Dictionary<(string Stream, int Writer), List<int>> Find(IEnumerable<BucketObject> objects)
    {
        Dictionary<(string Stream, int Writer), List<int>> found = [];
        foreach (BucketObject stored in objects.OrderBy(o => o.Stream, StringComparer.Ordinal).ThenBy(o => o.Ordinal))
        {
            foreach (string line in stored.Lines)
            {
                using JsonDocument entry = JsonDocument.Parse(line);
                (string, int) key = (stored.Stream, entry.RootElement.GetProperty("w").GetInt32());
                if (!found.TryGetValue(key, out List<int>? numbers))
                {
                    found.Add(key, numbers = []);
                }

                numbers.Add(entry.RootElement.GetProperty("n").GetInt32());
            }
        }

        foreach (((string stream, int writer), List<int> numbers) in found)
        {
            for (int i = 1; i < numbers.Count; i++)
            {
                Assert.True(numbers[i - 1] < numbers[i], $"In {stream}, entry {numbers[i]} of writer {writer} stands behind {numbers[i - 1]}.");
            }
        }

        return found;
    }
}
