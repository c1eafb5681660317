using System.Text;
using CsCheck;
using S3Journal.Proofs;
using Sink.Core.Delivery;
using Sink.Core.Storage;
using Sink.Core.Tests.Journals;

namespace Sink.Core.Tests.Security;

/// <summary>A stream's name, or a value in it, never leads an object out of its place, nor into another's.</summary>
public sealed class HostileNameTests : IDisposable
{
    private static readonly ObjectKeyParts _parts = new()
    {
        Stream = "s",
        Partition = "2026/11/22",
        Time = 101500,
        Id = new string('i', 64),
        Epoch = "k3x9q2",
        Ordinal = 42,
        Suffix = "ndjson.zst",
    };

    private readonly string _root = Directory.CreateTempSubdirectory("hostile-").FullName;
    private readonly JournalBench _bench = new();

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task EachNameIsRefusedOrItsEntriesLieBelowTheDestinationUnderItAlone()
    {
        string destination = new Uri(Path.Join(_root, "store")).AbsoluteUri;
        Dictionary<string, string> sent = [];
        using (Journal journal = _bench.Open(o =>
        {
            o.LocalDirectory = Path.Join(_root, "journal");
            o.OpenDirectory = DiskDirectory.OpenPath;
            o.Destination = destination;
        }))
        {
            foreach (string text in HostileNames.All)
            {
                string value = Journal.EncodeStreamSegment(text);
                Assert.Null(Record.Exception(() => Send(journal, value)));
                Assert.Null(Record.Exception(() => Send(journal, $"users/{value}")));
                if (Record.Exception(() => Send(journal, text)) is { } refused)
                {
                    Assert.IsType<ArgumentException>(refused);
                }
            }

            await journal.FlushAsync().WaitAsync(JournalBench.Generous);
        }

        Assert.Equal(["journal", "store"], Directory.GetFileSystemEntries(_root).Select(Path.GetFileName).Order());
        using JournalReader reader = JournalReader.Open(destination);
        await foreach (JournalObject found in reader.ListAsync())
        {
            await foreach (ReadOnlyMemory<byte> entry in reader.ReadEntriesAsync(found))
            {
                Assert.True(sent.Remove(found.Stream, out string? only), $"{found.Stream} came twice, or was never sent");
                Assert.Equal(only, Encoding.UTF8.GetString(entry.Span));
            }
        }

        Assert.Empty(reader.Warnings);
        Assert.Empty(sent);
        Assert.Empty(_bench.Failures);

        void Send(Journal journal, string name)
        {
            JournalStream stream = journal.GetStream(name);
            Assert.Equal(name, stream.Name);
            string entry = $"{{\"n\":{sent.Count}}}";
            if (sent.TryAdd(name, entry))
            {
                Assert.Equal(AppendResult.Stored, stream.Append(DateTimeOffset.UtcNow, Encoding.UTF8.GetBytes(entry)));
            }
        }
    }

    [Fact]
    [Trait(LongForm.Trait, LongForm.Yes)]
    public void AnyTextIsRefusedOrMakesAKeyThatStaysInItsPlace()
    {
        int count = (int)LongForm.Count(20_000, 2_000_000);
        Gen<string> piece = Gen.OneOf(
            Gen.OneOf([.. HostileNames.All.Where(text => text.Length < 20).Select(Gen.Const)]),
            Gen.OneOf(".", "..", "/", "\\", "%", "2e", "%2e", "%2F", "\0", "\n", "\ud83d", "\ude00", "a", "~", " ", ":"),
            Gen.Char.Select(static c => c.ToString()));
        piece.List[0, 12].Select(string.Concat).Sample(
            text =>
            {
                Assert.Null(StreamName.Validate(StreamName.EncodeValue(text)));
                if (StreamName.Validate(text) is null)
                {
                    AssertStaysInside(text);
                }

                AssertStaysInside(StreamName.EncodeValue(text));
            },
            iter: count);
        Figures.Report("hostile names", ("texts", count), ("and by hand", HostileNames.All.Count));
    }

    [Fact]
    public void AllNamesThatAreTakenMakeDifferentKeys()
    {
        string[] names = [.. HostileNames.All.Concat(HostileNames.All.Select(text => StreamName.EncodeValue(text))).Where(name => StreamName.Validate(name) is null).Distinct(StringComparer.Ordinal)];
        Assert.Equal(names.Length, names.Select(name => ObjectKey.Format(_parts with { Stream = name })).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(HostileNames.All.Count, HostileNames.All.Select(text => StreamName.EncodeValue(text)).Distinct(StringComparer.Ordinal).Count());
        Assert.True(names.Length > HostileNames.All.Count);
    }

    [Fact]
    public async Task OnTheWayToABucketAKeyIsSpelledSoThatNobodyFoldsIt()
    {
        using EchoingServer server = new(refuses: false);
        string[] names = [.. HostileNames.All.Where(text => StreamName.Validate(text) is null)];
        using (Journal journal = _bench.Open(o =>
        {
            o.Destination = "s3://bucket/logs";
            o.S3 = new S3Options { Endpoint = server.Endpoint, AccessKeyId = "key", SecretAccessKey = "secret" };
        }))
        {
            for (int i = 0; i < names.Length; i++)
            {
                JournalBench.Append(journal, i, names[i]);
            }

            await journal.FlushAsync().WaitAsync(JournalBench.Generous);
        }

        string[] targets = [.. server.Heads.Where(head => head.StartsWith("PUT ", StringComparison.Ordinal)).Select(head => head.Split(' ')[1])];
        Assert.Equal(names.Length, targets.Length);
        HashSet<string> keys = [.. targets.Select(target => Uri.UnescapeDataString(target))];
        Assert.All(targets, target =>
        {
            Assert.StartsWith("/bucket/logs/", target, StringComparison.Ordinal);
            Assert.DoesNotContain(target.Split('/'), static segment => segment is "" or "." or ".." && segment != "" || segment.Contains('?') || segment.Contains('#'));
            Assert.Equal(new Uri(server.Endpoint + target).AbsolutePath, target);
        });
        Assert.All(names, name => Assert.Single(keys, key => key.StartsWith($"/bucket/logs/{name}/20", StringComparison.Ordinal)));
    }

    private void AssertStaysInside(string name)
    {
        string key = ObjectKey.Format(_parts with { Stream = name });
        Assert.Null(StoreKey.Check(key));
        string path = Path.Join(_root, key);
        Assert.Equal(path, Path.GetFullPath(path));
        Assert.Equal(key.Split('/').Length, key.TrimEnd('/').Split('/', StringSplitOptions.RemoveEmptyEntries).Length);
    }
}
