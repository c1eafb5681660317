using System.Text;
using Sink.Core.Delivery;
using Sink.Core.Tests.Format;

namespace Sink.Core.Tests.Reading;

/// <summary>A destination that other systems write to as well.</summary>
public class ForeignObjectTests
{
    private const string Key = "00112233445566778899aabbccddeeff/data";

    private static readonly string _document = Encoding.UTF8.GetString(GoldenFile.Read("foreign.json"));
    private static readonly byte[] _bytes = Encoding.ASCII.GetBytes("Wake up.\nEat. Mmm.\nHappy hour.\nSleep.\n");

    private readonly ReaderFixture _fixture = new();

    [Fact]
    public async Task AnotherSystemsObjectIsToldApartAndItsBytesAreRead()
    {
        _fixture.Put(ReaderFixture.NewMetadata(1));
        _fixture.Put(Key, _bytes, _document);

        Assert.Single(_fixture.List());

        Assert.Empty(_fixture.Reader.Warnings);
        ForeignObject found = Assert.Single(_fixture.Reader.Foreign);
        ForeignObject expected = new()
        {
            Key = Key,
            Length = _bytes.Length,
            Id = "00112233445566778899aabbccddeeff",
            Start = new DateTimeOffset(2015, 3, 20, 0, 0, 0, TimeSpan.Zero),
            End = new DateTimeOffset(2015, 12, 27, 11, 1, 20, 954, TimeSpan.Zero),
            Where = "web01-eu_west",
            What = "syslog",
            WorkId = "job1234",
            DataVersion = "v2-B",
            Path = "/var/log/jobs/job-1234.log",
            Hash = "70373dec2de49d566fc1e34bacca7561",
            Document = _document,
        };
        Assert.Equal(expected, found);
        using MemoryStream read = new();
        using Stream stored = await _fixture.Reader.OpenForeignAsync(found);
        await stored.CopyToAsync(read);
        Assert.Equal(_bytes, read.ToArray());
        Assert.Equal(found.Hash, Blake2b16.HashHex(read.ToArray()));
        JournalException gone = await Assert.ThrowsAsync<JournalException>(() => _fixture.Reader.OpenForeignAsync(found with { Key = "gone" }));
        Assert.Contains("'gone' is no longer", gone.Message);
    }

    [Fact]
    public void ADamagedDocumentOfAJournalIsNotAnotherSystems()
    {
        string ours = ReaderFixture.NewMetadata(1).Serialize(out _);
        _fixture.Put("1", [], ours.Replace("\"lane\":0,", "", StringComparison.Ordinal));
        _fixture.Put("2", [], ours.Replace("\"ordinal\":1,", "", StringComparison.Ordinal));
        _fixture.Put("3", [], ours.Replace("\"source\":\"web01\"", "\"source\":null", StringComparison.Ordinal));
        _fixture.Put("4", [], _document.Replace("\"version\": 0", "\"version\": 1", StringComparison.Ordinal));

        Assert.Empty(_fixture.List());

        Assert.Empty(_fixture.Reader.Foreign);
        Assert.Equal(
            [
                "'1' is left out: its metadata lane is missing, or not a whole number in its range.",
                "'2' is left out: its metadata ordinal is missing, or not a whole number in its range.",
                "'3' is left out: its metadata source is missing, or not a string.",
                "'4' is left out: its metadata version is not 0.",
            ],
            _fixture.Reader.Warnings);
    }

    [Theory]
    [InlineData(null, null, true)]
    [InlineData(1_426_809_600_000, 1_426_809_600_000, true)]
    [InlineData(1_451_214_080_954, null, true)]
    [InlineData(1_451_214_080_955, null, false)]
    [InlineData(null, 1_426_809_599_999, false)]
    public void ATimeRangeTakesWhatItTouches(long? from, long? to, bool isThere)
    {
        _fixture.Put(Key, _bytes, _document);
        _fixture.List(from: from, to: to);
        Assert.Equal(isThere, _fixture.Reader.Foreign.Count == 1);
    }

    [Theory]
    [InlineData(1_426_809_600_000, true)]
    [InlineData(1_426_809_600_001, false)]
    public void ASnapshotCountsByItsStart(long from, bool isThere)
    {
        _fixture.Put(Key, _bytes, _document.Replace("1451214080954", "null", StringComparison.Ordinal));
        _fixture.List(from: from);
        Assert.Equal(isThere, _fixture.Reader.Foreign.Count == 1);
        Assert.All(_fixture.Reader.Foreign, static found => Assert.Null(found.End));
    }

    [Fact]
    public void AStreamIsOnlyAJournals()
    {
        _fixture.Put(Key, _bytes, _document);
        _fixture.List("syslog");
        Assert.Empty(_fixture.Reader.Foreign);
        Assert.Empty(_fixture.Reader.Warnings);
    }
}
