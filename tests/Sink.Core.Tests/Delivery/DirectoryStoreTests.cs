using System.Text;
using Sink.Core.Delivery;
using Sink.Core.Diagnostics;
using Sink.Core.Tests.Fakes;

namespace Sink.Core.Tests.Delivery;

public class DirectoryStoreTests
{
    private static readonly byte[] Bytes = Enumerable.Range(0, 300_000).Select(i => (byte)(i * 31 / 7)).ToArray();

    private readonly StoreFixture _fixture = new();

    [Fact]
    public void AnObjectIsAFileWithItsMetadataBesideIt()
    {
        Assert.Equal(new PutResult(PutOutcome.Stored), _fixture.Put(_fixture.NewPut(Bytes)));

        Assert.Equal(
            ["orders/api/2026/11/22/.101500-web01-k3x9q2-000000000042.ndjson.zst.meta", StoreFixture.Key],
            _fixture.Disk.ListFiles());
        Assert.Equal(Bytes, _fixture.Get(StoreFixture.Key));
        StoredObject expected = new(StoreFixture.Key, Bytes.Length, "{\"version\":0}");
        Assert.Equal(expected, _fixture.Head(StoreFixture.Key));
        Assert.Equal([expected], _fixture.List());
    }

    [Fact]
    public void AnEmptyObjectAndAKeyWithoutDirectoriesAreStored()
    {
        Assert.Equal(PutOutcome.Stored, _fixture.Put(_fixture.NewPut([], key: "a")).Outcome);

        Assert.Empty(_fixture.Get("a")!);
    }

    [Fact]
    public void ASecondPutOfAKeyChangesNothing()
    {
        _fixture.Put(_fixture.NewPut(Bytes));

        PutResult again = _fixture.Put(_fixture.NewPut([1, 2, 3], "{\"other\":1}"));

        Assert.Equal(PutOutcome.AlreadyThere, again.Outcome);
        Assert.Equal(Bytes, _fixture.Get(StoreFixture.Key));
        Assert.Equal("{\"version\":0}", Assert.Single(_fixture.List()).Metadata);
        Assert.Equal(2, _fixture.Disk.ListFiles().Count);
    }

    [Fact]
    public void MetadataWithoutItsObjectIsReplaced()
    {
        _fixture.Put(_fixture.NewPut(Bytes, "{\"old\":1}", "a"));
        _fixture.Disk.Root.Delete("a");

        Assert.Equal(PutOutcome.Stored, _fixture.Put(_fixture.NewPut(Bytes, "{\"new\":1}", "a")).Outcome);
        Assert.Equal("{\"new\":1}", Assert.Single(_fixture.List()).Metadata);
    }

    [Fact]
    public void AnObjectThatLostItsMetadataGetsItBackOnlyWhenTheBytesAreTheSame()
    {
        _fixture.Put(_fixture.NewPut(Bytes, "{\"a\":1}", "a"));
        _fixture.Disk.Root.Delete(".a.meta");

        Assert.Equal(PutOutcome.AlreadyThere, _fixture.Put(_fixture.NewPut(Bytes[1..], "{\"other\":1}", "a")).Outcome);
        Assert.Null(Assert.Single(_fixture.List()).Metadata);

        Assert.Equal(PutOutcome.AlreadyThere, _fixture.Put(_fixture.NewPut(Bytes, "{\"a\":1}", "a")).Outcome);
        Assert.Equal("{\"a\":1}", Assert.Single(_fixture.List()).Metadata);
    }

    [Fact]
    public void RotSinceTheSealIsDamagedAndLeavesNothing()
    {
        ObjectPut put = _fixture.NewPut(Bytes);
        put.Data.Write(200_000, [(byte)(Bytes[200_000] ^ 4)]);

        Assert.Equal(PutOutcome.Damaged, _fixture.Put(put).Outcome);
        Assert.Empty(_fixture.Disk.ListFiles());
    }

    [Fact]
    public void AShortFileIsDamagedAndLeavesNothing()
    {
        ObjectPut put = _fixture.NewPut(Bytes);
        put.Data.Truncate(150_000);

        Assert.Equal(PutOutcome.Damaged, _fixture.Put(put).Outcome);
        Assert.Empty(_fixture.Disk.ListFiles());
    }

    [Theory]
    [InlineData("")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData("../a")]
    [InlineData("a/./b")]
    [InlineData("a/.hidden")]
    [InlineData(".a/b")]
    [InlineData("a\\b")]
    [InlineData("a\nb")]
    [InlineData("a/\u0085b")]
    public void AKeyThatIsNoPathBelowTheRootIsRejected(string key)
    {
        Assert.Equal(PutOutcome.Rejected, _fixture.Put(_fixture.NewPut(Bytes, key: key)).Outcome);
        Assert.Null(_fixture.Get(key));
        Assert.Empty(_fixture.Disk.ListFiles());
    }

    [Fact]
    public void AKeyTooLongForAFileSystemIsRejected()
    {
        Assert.Equal(PutOutcome.Rejected, _fixture.Put(_fixture.NewPut(Bytes, key: new string('a', 240))).Outcome);
        Assert.Equal(PutOutcome.Rejected, _fixture.Put(_fixture.NewPut(Bytes, key: new string('a', 256) + "/b")).Outcome);
        Assert.Equal(PutOutcome.Rejected, _fixture.Put(_fixture.NewPut(Bytes, key: string.Concat(Enumerable.Repeat("abcd/", 210)) + "b")).Outcome);
    }

    [Fact]
    public void AnObjectInTheWayOfADirectoryIsRejectedAndOthersPass()
    {
        _fixture.Put(_fixture.NewPut(Bytes, key: "a/b"));

        Assert.Equal(PutOutcome.Rejected, _fixture.Put(_fixture.NewPut(Bytes, key: "a/b/c")).Outcome);
        Assert.Equal(PutOutcome.Stored, _fixture.Put(_fixture.NewPut(Bytes, key: "a/c")).Outcome);
    }

    [Fact]
    public void AFaultOfTheDiskIsUnavailableNamesTheDirectoryAndPassesLater()
    {
        _fixture.Disk.Fault = call => call.Kind == DiskCallKind.Write ? new IOException("No space left on device") : null;

        PutResult full = _fixture.Put(_fixture.NewPut(Bytes));

        Assert.Equal(PutOutcome.Unavailable, full.Outcome);
        Assert.Contains("orders/api/2026/11/22", full.Message);
        Assert.Contains("No space left", full.Message);
        Assert.Empty(_fixture.Disk.ListFiles());

        _fixture.Disk.Fault = null;
        Assert.Equal(PutOutcome.Stored, _fixture.Put(_fixture.NewPut(Bytes)).Outcome);
    }

    [Fact]
    public void AnyOneFailingCallLeavesAPutThatEndsRight()
    {
        for (int n = 1; ; n++)
        {
            StoreFixture fixture = new();
            bool hasFailed = false;
            fixture.Disk.FailNth(n, () =>
            {
                hasFailed = true;
                return new IOException("a fault");
            });

            PutOutcome first = fixture.Put(fixture.NewPut(Bytes)).Outcome;
            PutOutcome last = fixture.Put(fixture.NewPut(Bytes)).Outcome;

            Assert.True(first is PutOutcome.Stored or PutOutcome.AlreadyThere or PutOutcome.Unavailable);
            Assert.True(last is PutOutcome.Stored or PutOutcome.AlreadyThere);
            if (!hasFailed)
            {
                return;
            }

            Assert.Equal(Bytes, fixture.Get(StoreFixture.Key));
            Assert.Equal("{\"version\":0}", Assert.Single(fixture.List()).Metadata);
        }
    }

    [Fact]
    public void AJournalFileThatCannotBeReadDoesNotMakeTheStoreLookAway()
    {
        MemoryDisk broken = new();
        using var data = broken.Root.Create("data");
        data.Write(0, Bytes);
        broken.Fault = call => call.Kind == DiskCallKind.Read ? new IOException("Input/output error") : null;

        ObjectPut put = _fixture.NewPut(Bytes);
        Assert.Equal(PutOutcome.Rejected, _fixture.Put(new ObjectPut(put.Key, data, put.Length, put.ContentType, put.Metadata, put.Md5)).Outcome);
        Assert.Empty(_fixture.Disk.ListFiles());
    }

    [Fact]
    public async Task APutThatIsCancelledOnItsWayLeavesNothing()
    {
        using CancellationTokenSource source = new();
        _fixture.Disk.Fault = call =>
        {
            if (call.Kind == DiskCallKind.Write)
            {
                source.Cancel();
            }

            return null;
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _fixture.Store.PutAsync(_fixture.NewPut(Bytes), source.Token));
        Assert.Empty(_fixture.Disk.ListFiles());
    }

    [Fact]
    public void ListingIsInTheOrderOfBytesAndByPrefix()
    {
        string[] keys = ["a", "a.b", "a/b", "a0", "b/c/d", "b/c-d", "b/\uFF5E", "b/\U0001F600", "b/z"];
        string[] possible = keys.Where(k => k != "a").ToArray();
        foreach (string key in possible.Reverse())
        {
            Assert.Equal(PutOutcome.Stored, _fixture.Put(_fixture.NewPut([1], key: key)).Outcome);
        }

        string[] expected = possible.OrderBy(k => Convert.ToHexString(Encoding.UTF8.GetBytes(k)), StringComparer.Ordinal).ToArray();
        Assert.Equal(expected, _fixture.List().Select(o => o.Key));
        foreach (string prefix in new[] { "a", "a/", "b", "b/", "b/c", "b/c/", "b/c/d", "c", "b/c/d/e" })
        {
            Assert.Equal(expected.Where(k => k.StartsWith(prefix, StringComparison.Ordinal)), _fixture.List(prefix).Select(o => o.Key));
        }
    }

    [Fact]
    public void FilesOfOthersAreListedWithoutMetadataAndDotFilesNotAtAll()
    {
        _fixture.Disk.Root.Create("README").Dispose();
        _fixture.Disk.Root.Create(".DS_Store").Dispose();

        Assert.Equal([new StoredObject("README", 0, null)], _fixture.List());
    }

    [Fact]
    public void ADeletedObjectIsGoneWithItsMetadataAndDeletingItAgainIsNothing()
    {
        _fixture.Put(_fixture.NewPut(Bytes));

        for (int i = 0; i < 2; i++)
        {
            Assert.True(_fixture.Store.DeleteAsync(StoreFixture.Key, CancellationToken.None).IsCompletedSuccessfully);
            Assert.Empty(_fixture.Disk.ListFiles());
            Assert.Null(_fixture.Head(StoreFixture.Key));
        }
    }

    [Fact]
    public void DirectoriesAreMadeAndSyncedOnceNotForEveryObject()
    {
        _fixture.Put(_fixture.NewPut(Bytes));
        _fixture.Disk.Counts.Reset();

        _fixture.Put(_fixture.NewPut(Bytes, key: StoreFixture.Key.Replace("42", "43", StringComparison.Ordinal)));

        Assert.Equal(0, _fixture.Disk.Counts[DiskCallKind.CreateDirectory]);
        Assert.Equal(0, _fixture.Disk.Counts[DiskCallKind.List]);
        Assert.Equal(2, _fixture.Disk.Counts[DiskCallKind.SyncNames]);
        Assert.Equal(2, _fixture.Disk.Counts[DiskCallKind.Sync]);
    }

    [Fact]
    public void TemporariesOfOtherObjectsAreLeftAlone()
    {
        string another = StoreKey.TemporaryOf("b", RandomSource.System);
        _fixture.Disk.Root.Create(another).Dispose();
        _fixture.Disk.Root.Create(StoreKey.TemporaryOf("a", RandomSource.System)).Dispose();

        _fixture.Put(_fixture.NewPut(Bytes, key: "a"));

        Assert.Equal([".a.meta", another, "a"], _fixture.Disk.ListFiles());
    }

    [Fact]
    public void OfTwoStoresRacingOnOneKeyOneStoresAndTheMetadataIsItsOwn()
    {
        for (int round = 0; round < 300; round++)
        {
            StoreFixture first = new();
            StoreFixture second = new() { Disk = first.Disk };
            second.NewStore();
            ObjectPut[] puts = [first.NewPut([1, 1], "{\"of\":1}", "a/b"), second.NewPut([2, 2], round % 2 == 0 ? "{\"of\":2}" : "{\"of\":1}", "a/b")];
            PutResult[] results = new PutResult[2];

            Parallel.Invoke(() => results[0] = PutUntilAnswered(first, puts[0]), () => results[1] = PutUntilAnswered(second, puts[1]));

            Assert.Equal([PutOutcome.Stored, PutOutcome.AlreadyThere], results.Select(r => r.Outcome).Order());
            int winner = results[0].Outcome == PutOutcome.Stored ? 0 : 1;
            Assert.Equal(new byte[] { (byte)(winner + 1), (byte)(winner + 1) }, first.Get("a/b"));
            Assert.Equal(puts[winner].Metadata, Assert.Single(first.List()).Metadata);
            Assert.Equal(["a/.b.meta", "a/b"], first.Disk.ListFiles());
        }
    }

    /// <summary>As the uploader does. Two stores that open at once may take each other's temporaries for a crash's, more than once.</summary>
    private static PutResult PutUntilAnswered(StoreFixture store, ObjectPut put)
    {
        PutResult result;
        do
        {
            result = store.Put(put);
        }
        while (result.Outcome == PutOutcome.Unavailable);

        return result;
    }
}
