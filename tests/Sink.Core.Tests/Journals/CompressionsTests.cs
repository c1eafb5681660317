using System.Text;
using Sink.Core.Compressing;
using Sink.Core.Tests.Compressing;

namespace Sink.Core.Tests.Journals;

/// <summary>Each compression from <c>Append</c> to the reader, through a directory.</summary>
public sealed class CompressionsTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("s3journal-");

    public static TheoryData<Compression, int?> All =>
    [
        .. Enum.GetValues<Compression>().Select(compression => (compression, (int?)null)),
        (Compression.Lzma, 9), (Compression.Xz, 0), (Compression.Xz, 9), (Compression.Gzip, 9), (Compression.Zstd, -5),
    ];

    [Theory]
    [MemberData(nameof(All))]
    public async Task EntriesComeBackFromADirectory(Compression compression, int? level)
    {
        JournalOptions options = NewOptions();
        options.Compression = compression;
        options.CompressionLevel = level;

        JournalObject found = await WriteAndRead(options, static _ => { });

        FrameKind kind = FrameKind.Of(compression);
        Assert.Equal(kind.Name, found.Compression);
        Assert.EndsWith(".ndjson" + kind.Suffix, found.Key);
        Assert.Equal(compression == Compression.None ? "application/x-ndjson" : kind.ContentType, found.ContentType);
    }

    [Fact]
    public async Task SoTheyDoThroughTheProgramsOwnCompressor()
    {
        JournalOptions options = NewOptions();
        options.Compression = Compression.Lzma;
        options.CompressionLevel = 1000;
        options.UseCompressor(static () => new OwnCompressor());

        JournalObject found = await WriteAndRead(options, static reader => reader.UseCompressor(static () => new OwnCompressor()));

        Assert.Equal("own", found.Compression);
        Assert.EndsWith(".ndjson.own", found.Key);
        Assert.Equal("application/x-own; version=1", found.ContentType);

        // The journal's own options will do.
        using (JournalReader same = JournalReader.Open(options))
        {
            Assert.Equal(found, Assert.Single(same.ListAsync().ToBlockingEnumerable()));
            await using Stream content = await same.OpenAsync(found);
            Assert.Equal((byte)'{', content.ReadByte());
        }

        // One that was not given it lists the object, and says what it lacks.
        using JournalReader other = JournalReader.Open(options.Destination!);
        JournalObject listed = Assert.Single(other.ListAsync().ToBlockingEnumerable());
        Assert.Equal(found with { ContentType = "application/octet-stream" }, listed);
        JournalException exception = await Assert.ThrowsAsync<JournalException>(() => other.OpenAsync(listed));
        Assert.Contains("'own'", exception.Message);
        Assert.Contains("UseCompressor", exception.Message);
    }

    [Fact]
    public void AReaderRefusesACompressorThatCannotBeUsed()
    {
        using JournalReader reader = JournalReader.Open(new Uri(_root.FullName).AbsoluteUri);

        JournalException exception = Assert.Throws<JournalException>(() => reader.UseCompressor(static () => new OwnCompressor { Names = new FrameKind("zstd", ".zst", "application/zstd") }));
        Assert.Contains("\"zstd\"", exception.Message);
    }

    public void Dispose() => _root.Delete(recursive: true);

    private JournalOptions NewOptions() => new()
    {
        Destination = new Uri(Path.Combine(_root.FullName, "store")).AbsoluteUri,
        LocalDirectory = Path.Combine(_root.FullName, "local"),
        MinFreeDiskBytes = 0,

        // The slowest compressors on a busy machine.
        ShutdownTimeout = TimeSpan.FromMinutes(5),
    };

    /// <summary>More than two frames of entries, in one object.</summary>
    private static async Task<JournalObject> WriteAndRead(JournalOptions options, Action<JournalReader> prepare)
    {
        const int Count = 20_000;
        await using (Journal journal = Journal.Open(options))
        {
            JournalStream stream = journal.GetStream("orders");
            for (int i = 0; i < Count; i++)
            {
                Assert.Equal(AppendResult.Stored, stream.Append(new DateTimeOffset(2026, 11, 22, 0, 0, 0, TimeSpan.Zero), NewEntry(i)));
            }

            FlushResult flushed = await journal.FlushAsync().WaitAsync(JournalBench.Generous);
            Assert.Equal(Count, flushed.Delivered);
        }

        using JournalReader reader = JournalReader.Open(options.Destination!);
        prepare(reader);
        JournalObject found = Assert.Single(reader.ListAsync().ToBlockingEnumerable());
        Assert.True(found.RawBytes > 2 << 20);
        int n = 0;
        await foreach (ReadOnlyMemory<byte> entry in reader.ReadEntriesAsync(found))
        {
            Assert.Equal(NewEntry(n), entry.ToArray());
            n++;
        }

        Assert.Equal(Count, n);
        return found;
    }

    private static byte[] NewEntry(int n) => Encoding.UTF8.GetBytes($"{{\"@t\":\"2026-11-22T10:15:00Z\",\"@mt\":\"Order {{Id}} placed by {{Customer}}\",\"Id\":{n * 7919},\"Customer\":\"customer-{n % 101}\"}}");
}
