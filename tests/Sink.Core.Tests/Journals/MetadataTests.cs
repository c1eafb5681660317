using Sink.Core.Delivery;

namespace Sink.Core.Tests.Journals;

/// <summary>What a journal's documents say, from its first object to its last.</summary>
public class MetadataTests
{
    private readonly JournalBench _bench = new();

    [Fact]
    public async Task EveryDocumentNamesTheWorkAndTheVersionOfTheProcessThatSealedIt()
    {
        await Live("import-17", "v2-B", 0);
        await Live(null, null, 1);
        await Live(new string('w', 64), new string('V', 64), 2);

        ObjectMetadata[] documents = [.. Documents().Select(Parse)];
        Assert.Equal(12, documents.Length);
        Assert.All(documents[..4], static document => Assert.Equal(("import-17", "v2-B"), (document.WorkId, document.DataVersion)));
        Assert.All(documents[4..8], static document => Assert.Equal((null, null), (document.WorkId, document.DataVersion)));
        Assert.All(documents[8..], static document => Assert.Equal((64, 64), (document.WorkId!.Length, document.DataVersion!.Length)));
        Assert.Contains("\"work_id\":\"import-17\",\"data-version\":\"v2-B\",\"id\":", Documents()[0]);
        Assert.Contains("\"work_id\":null,\"id\":", Documents()[4]);
    }

    [Fact]
    public async Task EveryHashIsThatOfTheBytes()
    {
        await Live("import-17", null, 0);
        Assert.All(_bench.Store.Objects, static stored => Assert.Equal(Blake2b16.HashHex(stored.Bytes), stored.Document.Hash));
    }

    [Fact]
    public async Task TheChainHoldsOverRestartsAndBreaksAtAnyAlteredByte()
    {
        for (int life = 0; life < 3; life++)
        {
            await Live("import-17", "v2", life);
        }

        string[] documents = Documents();
        Assert.Equal(12, documents.Length);
        Assert.Equal(3, documents.Select(static document => Parse(document).Epoch).Distinct().Count());
        Assert.Null(BreakOf(documents));
        foreach (int altered in (int[])[0, 3, 4, 10])
        {
            for (int at = 0; at < documents[altered].Length; at++)
            {
                char[] text = documents[altered].ToCharArray();
                text[at] ^= (char)1;
                string[] others = [.. documents];
                others[altered] = new string(text);
                Assert.True(BreakOf(others) is { } found && (found == altered || found == altered + 1), $"byte {at} of document {altered}");
            }
        }

        Assert.Equal(5, BreakOf([.. documents[..5], .. documents[6..]]));
    }

    /// <summary>Four objects of two streams, and an end.</summary>
    private async Task Live(string? workId, string? dataVersion, int life)
    {
        using Journal journal = _bench.Open(options => (options.WorkId, options.DataVersion) = (workId, dataVersion));
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(AppendResult.Stored, JournalBench.Append(journal, (life * 10) + i));
            Assert.Equal(AppendResult.Stored, JournalBench.Append(journal, (life * 10) + i, "größe/日本"));
            await journal.FlushAsync().WaitAsync(JournalBench.Generous);
        }
    }

    private string[] Documents() => [.. _bench.Store.Objects.OrderBy(static stored => stored.Document.Ordinal).Select(static stored => stored.Metadata)];

    private static ObjectMetadata Parse(string document) =>
        ObjectMetadata.TryParse(document, out ObjectMetadata? metadata, out string error) ? metadata : throw new InvalidDataException(error);

    /// <summary>The first of the documents that is not what its place in the chain asks for.</summary>
    private static int? BreakOf(string[] documents)
    {
        string? previous = null;
        for (int i = 0; i < documents.Length; i++)
        {
            if (!ObjectMetadata.TryParse(documents[i], out ObjectMetadata? metadata, out _) || metadata.Ordinal != i || metadata.Previous != previous)
            {
                return i;
            }

            previous = ObjectMetadata.ChainHash(documents[i]);
        }

        return null;
    }
}
