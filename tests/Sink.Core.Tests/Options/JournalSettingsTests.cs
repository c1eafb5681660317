using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using Sink.Core.Compressing;
using Sink.Core.Options;
using Sink.Core.Tests.Compressing;

namespace Sink.Core.Tests.Options;

public class JournalSettingsTests
{
    private readonly FakeHostEnvironment _environment = new();

    [Fact]
    public void TheDefaultsNeedADestinationAndNothingElse()
    {
        JournalSettings settings = Read(Valid());

        Assert.Equal("/objects", settings.Destination.DirectoryPath);
        Assert.Equal("/home/me/.local/share/s3journal/Orders.Api", settings.LocalDirectory.Path);
        Assert.Equal("web01", settings.Id);
        Assert.Equal(16L << 20, settings.RingBytes);
        Assert.Equal(1, settings.CompressionLevel);
        Assert.Same(TimeZoneInfo.Utc, settings.DirectoryTimeZone);
        Assert.Same(TimeProvider.System, settings.TimeProvider);
        Assert.Empty(settings.FailureListeners);
    }

    [Fact]
    public void EveryMistakeStandsInOneMessage()
    {
        var options = new JournalOptions
        {
            Destination = "/var/logs",
            Id = "web 01",
            MaxBatchSize = 0,
            RingBytes = 1,
            DirectoryFormat = "year=yyyy",
            DirectoryTimeZone = "Mars/Olympus",
            WhenFull = (WhenFull)9,
            Shards = 37,
        };

        string[] lines = Mistakes(options);

        Assert.Equal(
            ["Destination", "Id", "DirectoryTimeZone", "RingBytes", "MaxBatchSize", "WhenFull", "Shards", "DirectoryFormat"],
            lines.Select(line => line[2..line.IndexOf(':')]));
        Assert.Contains(lines, line => line.Contains("\"web-01\""));
        Assert.Contains(lines, line => line.Contains("DropNewest, DropOldest, Block"));
        Assert.Contains(lines, line => line.Contains("'year='yyyy"));
    }

    public static TheoryData<string, Action<JournalOptions>> OutOfBounds => new()
    {
        { "MaxBatchLatency", o => o.MaxBatchLatency = TimeSpan.Zero },
        { "MaxBatchLatency", o => o.MaxBatchLatency = TimeSpan.FromHours(1.01) },
        { "MaxBatchSize", o => o.MaxBatchSize = 10_000_001 },
        { "RingBytes", o => o.RingBytes = (1L << 30) + 1 },
        { "RingDirectory", o => o.RingDirectory = " " },
        { "LocalDirectory", o => o.LocalDirectory = "" },
        { "SegmentBytes", o => o.SegmentBytes = (1L << 20) - 1 },
        { "MaxEntryBytes", o => o.MaxEntryBytes = (4 << 20) - 1023 },
        { "MaxEntryBytes", o => o.MaxEntryBytes = 0 },
        { "MaxObjectBytes", o => o.MaxObjectBytes = 4095 },
        { "MaxObjectBytes", o => o.MaxObjectBytes = (5L << 30) + 1 },
        { "MaxObjectAge", o => o.MaxObjectAge = TimeSpan.FromDays(8) },
        { "Compression", o => o.Compression = (Compression)7 },
        { "CompressionLevel", o => o.CompressionLevel = 23 },
        { "CompressionLevel", o => o.CompressionLevel = -6 },
        { "CompressionLevel", o => (o.Compression, o.CompressionLevel) = (Compression.Gzip, -1) },
        { "CompressionLevel", o => (o.Compression, o.CompressionLevel) = (Compression.Lzma, 10) },
        { "CompressionLevel", o => (o.Compression, o.CompressionLevel) = (Compression.Xz, 10) },
        { "CompressionLevel", o => (o.Compression, o.CompressionLevel) = (Compression.Snappy, 1) },
        { "UseCompressor", o => o.UseCompressor(() => null!) },
        { "UseCompressor", o => o.UseCompressor(() => throw new InvalidOperationException("no")) },
        { "DirectoryTimeZone", o => o.DirectoryTimeZone = "" },
        { "Shards", o => o.Shards = 0 },
        { "MaxDiskBytes", o => o.MaxDiskBytes = (224L << 20) - 1 },
        { "MinFreeDiskBytes", o => o.MinFreeDiskBytes = -1 },
        { "MaxBlockTime", o => o.MaxBlockTime = TimeSpan.FromTicks(-1) },
        { "MaxConcurrentUploads", o => o.MaxConcurrentUploads = 65 },
        { "ShutdownTimeout", o => o.ShutdownTimeout = Timeout.InfiniteTimeSpan },
        { "MaxStreams", o => o.MaxStreams = 0 },
        { "MaxOpenObjects", o => o.MaxOpenObjects = 100_001 },
        { "StallAfter", o => o.StallAfter = TimeSpan.FromMilliseconds(9) },
        { "Application", o => o.Application = ".." },
        { "Id", o => o.Id = new string('a', 65) },
        { "WorkId", o => o.WorkId = "" },
        { "WorkId", o => o.WorkId = "null" },
        { "WorkId", o => o.WorkId = "Import" },
        { "WorkId", o => o.WorkId = "import\n" },
        { "WorkId", o => o.WorkId = "import.17" },
        { "WorkId", o => o.WorkId = new string('a', 65) },
        { "DataVersion", o => o.DataVersion = "" },
        { "DataVersion", o => o.DataVersion = "1.0" },
        { "DataVersion", o => o.DataVersion = "v1\n" },
        { "DataVersion", o => o.DataVersion = "v\u0660" },
        { "DataVersion", o => o.DataVersion = new string('a', 65) },
    };

    [Theory]
    [MemberData(nameof(OutOfBounds))]
    public void AValueOutsideItsBoundsIsRefusedByName(string option, Action<JournalOptions> change)
    {
        JournalOptions options = Valid();
        change(options);

        string line = Assert.Single(Mistakes(options));
        Assert.StartsWith($"- {option}: ", line);
    }

    [Fact]
    public void TheBoundsThemselvesAreAllowed()
    {
        JournalOptions options = Valid();
        options.MaxEntryBytes = (4 << 20) - 1024;
        options.MaxDiskBytes = 224L << 20;
        options.MaxBlockTime = TimeSpan.Zero;
        options.ShutdownTimeout = TimeSpan.FromHours(1);
        options.MaxObjectAge = TimeSpan.FromDays(7);
        options.CompressionLevel = -5;
        options.Shards = 36;
        options.Id = new string('a', 64);
        options.WorkId = new string('_', 64);
        options.DataVersion = new string('Z', 64);
        Read(options);
    }

    [Theory]
    [InlineData(Compression.None, 1000, 0)]
    [InlineData(Compression.Snappy, null, 0)]
    [InlineData(Compression.Lzma, null, 6)]
    [InlineData(Compression.Zstd, null, 1)]
    [InlineData(Compression.Lzma, 9, 9)]
    [InlineData(Compression.Xz, null, 6)]
    [InlineData(Compression.Xz, 0, 0)]
    [InlineData(Compression.Gzip, null, 1)]
    public void ALevelIsTakenWhereThereAreLevels(Compression compression, int? level, int read)
    {
        JournalOptions options = Valid();
        (options.Compression, options.CompressionLevel) = (compression, level);
        Assert.Equal(read, Read(options).CompressionLevel);
    }

    [Fact]
    public void XzIsRefusedWhereItsLibraryIsMissing()
    {
        _environment.HasLiblzma = false;
        JournalOptions options = Valid();
        options.Compression = Compression.Xz;

        string line = Assert.Single(Mistakes(options));
        Assert.StartsWith("- Compression: is Xz, which needs the library liblzma, and this machine does not have it", line);
        Assert.Contains("apt-get install liblzma5", line);
        Assert.EndsWith("or write Lzma", line);

        options.Compression = Compression.Lzma;
        Read(options);

        // With a compressor of one's own the option is not looked at.
        options.Compression = Compression.Xz;
        options.UseCompressor(static () => new OwnCompressor());
        Read(options);
    }

    [Theory]
    [InlineData("", ".own", "a/b", "Name")]
    [InlineData("seventeen-letters", ".own", "a/b", "Name")]
    [InlineData("with space", ".own", "a/b", "Name")]
    [InlineData("naïve", ".own", "a/b", "Name")]
    [InlineData("Zstd", ".own", "a/b", "built-in")]
    [InlineData("none", ".own", "a/b", "built-in")]
    [InlineData("xz", ".own", "a/b", "built-in")]
    [InlineData("own", "", "a/b", "Suffix")]
    [InlineData("own", ".", "a/b", "Suffix")]
    [InlineData("own", "own", "a/b", "Suffix")]
    [InlineData("own", ".o/n", "a/b", "Suffix")]
    [InlineData("own", ".Own", "a/b", "Suffix")]
    [InlineData("own", ".sixteen-letters-", "a/b", "Suffix")]
    [InlineData("own", ".own", "", "ContentType")]
    [InlineData("own", ".own", "octets", "ContentType")]
    [InlineData("own", ".own", "a/b\r\nX-Evil: 1", "ContentType")]
    [InlineData("own", ".own", "a/ü", "ContentType")]
    [InlineData(null, null, null, "Name")]
    public void ACompressorWithNamesThatCannotBeUsedIsRefused(string? name, string? suffix, string? contentType, string what)
    {
        JournalOptions options = Valid();
        options.UseCompressor(() => new OwnCompressor { Names = new FrameKind(name!, suffix!, contentType!) });

        string line = Assert.Single(Mistakes(options));
        Assert.StartsWith("- UseCompressor: has the ", line);
        Assert.Contains(what, line);
    }

    // With the suffix of a built-in compression it says that its frames are of that kind.
    [Theory]
    [InlineData("libdeflate", ".gz", "application/gzip")]
    [InlineData("a", ".b", "a/b; c=d")]
    [InlineData("SIXTEEN.LETTERS+", ".fifteen-letters", "application/x-own")]
    public void ACompressorIsAskedForItsNamesOnceAndThenMustKeepThem(string name, string suffix, string contentType)
    {
        FrameKind kind = new(name, suffix, contentType);
        JournalOptions options = Valid();
        options.UseCompressor(() => new OwnCompressor { Names = kind });

        CustomCompressor compressor = Read(options).Compressor!;

        Assert.Equal(kind, compressor.Kind);
        compressor.Create().Dispose();
        kind = kind with { Name = "other" };
        Assert.Throws<InvalidOperationException>(compressor.Create);
    }

    [Fact]
    public void ABareNumberInJsonIsExplained()
    {
        JournalOptions options = Valid();
        options.MaxBatchLatency = TimeSpan.Parse("200", CultureInfo.InvariantCulture);

        string line = Assert.Single(Mistakes(options));

        Assert.Contains("\"200\" in JSON means 200 days to .NET", line);
        Assert.Contains("write \"00:00:00.200\"", line);
    }

    [Fact]
    public void TimesInMessagesAreWrittenAsAConfigurationFileWould()
    {
        JournalOptions options = Valid();
        options.StallAfter = TimeSpan.FromMilliseconds(2.5);

        Assert.Equal("- StallAfter: is 00:00:00.0025000; write 00:00:00.010 to 00:01:00", Assert.Single(Mistakes(options)));
    }

    [Fact]
    public void NoDirectoryIsProbedForAMistakenConfiguration()
    {
        bool isProbed = false;
        Assert.Throws<JournalException>(() => JournalSettings.From(new JournalOptions(), _environment, _ => isProbed = true));
        Assert.False(isProbed);
    }

    [Fact]
    public void TheRingIsRoundedUpToPages()
    {
        JournalOptions options = Valid();
        options.RingBytes = (1 << 20) + 1;
        options.MaxEntryBytes = 1 << 10;
        Assert.Equal((1 << 20) + 4096, Read(options).RingBytes);
    }

    [Fact]
    public void SmallSegmentsAreForTestsOnly()
    {
        JournalOptions options = Valid();
        options.SmallestSegmentBytes = 32 << 10;
        options.SegmentBytes = 32 << 10;
        Assert.Equal(32 << 10, Read(options).SegmentBytes);
    }

    [Theory]
    [InlineData("web01.example.org", "web01.example.org")]
    [InlineData("büro pc", "b-ro-pc")]
    [InlineData("..", "host")]
    [InlineData("", "host")]
    [InlineData("日本", "host")]
    public void TheHostNameIsCleanedIntoAnId(string host, string id)
    {
        _environment.Host = host;
        Assert.Equal(id, Read(Valid()).Id);
    }

    [Fact]
    public void ALongHostNameIsCut()
    {
        _environment.Host = new string('h', 300);
        Assert.Equal(64, Read(Valid()).Id.Length);
    }

    [Fact]
    public void AProgramWithoutANameStillHasADirectory()
    {
        _environment.Program = null;
        Assert.EndsWith("/s3journal/application", Read(Valid()).LocalDirectory.Path);
    }

    [Fact]
    public void FreeSpaceIsATenthOfASmallVolumeAndHalfAGigabyteOfALargeOne()
    {
        JournalSettings settings = Read(Valid());
        Assert.Equal(100, settings.MinFreeDiskBytesOn(1000));
        Assert.Equal(512L << 20, settings.MinFreeDiskBytesOn(1L << 40));
        Assert.Equal(7, (settings with { MinFreeDiskBytes = 7 }).MinFreeDiskBytesOn(1L << 40));
    }

    [Fact]
    public void EqualOptionsHaveNoDifferences()
    {
        JournalOptions other = Valid();
        other.UseTimeProvider(new FakeTimeProvider());
        other.OnFailure(_ => { });
        Assert.Empty(Read(Valid()).DifferencesFrom(Read(other)));
    }

    [Fact]
    public void EveryDifferenceIsListedWithBothValues()
    {
        JournalOptions other = Valid();
        other.MaxBatchSize = 5;
        other.MinFreeDiskBytes = 0;
        other.MaxBlockTime = TimeSpan.FromMilliseconds(1);
        other.WhenFull = WhenFull.Block;

        Assert.Equal(
            [
                "MaxBatchSize: 10000 and 5", "MinFreeDiskBytes: not set and 0", "WhenFull: DropNewest and Block",
                "MaxBlockTime: 00:01:00 and 00:00:00.0010000",
            ],
            Read(Valid()).DifferencesFrom(Read(other)));
    }

    [Fact]
    public void NoSettingIsForgottenInTheComparison()
    {
        string[] notCompared = ["Application", "TimeProvider", "FailureListeners", "PackingReserveBytes", "EqualityContract", "DeliveryListeners", "OpenDirectory", "HasCompression", "Kind", "CreateStore", "S3"];
        JournalSettings settings = Read(Valid());
        JournalSettings other = settings with
        {
            Destination = settings.Destination with { Location = "file:///x" },
            LocalDirectory = settings.LocalDirectory with { Path = "/x" },
            Id = "x",
            WorkId = "x",
            DataVersion = "x",
            MaxBatchLatency = TimeSpan.FromHours(1),
            MaxBatchSize = 1,
            Fsync = false,
            RingBytes = 1,
            RingDirectory = "/x",
            SegmentBytes = 1,
            MaxEntryBytes = 1,
            MaxObjectBytes = 1,
            MaxObjectAge = TimeSpan.FromHours(1),
            Compression = Compression.None,
            CompressionLevel = 0,
            Compressor = OwnCompressor.Find(),
            DirectoryFormat = "yyyy",
            DirectoryTimeZone = TimeZoneInfo.CreateCustomTimeZone("x", TimeSpan.FromHours(1), "x", "x"),
            Shards = 1,
            MaxDiskBytes = 1,
            MinFreeDiskBytes = 1,
            WhenFull = WhenFull.Block,
            MaxBlockTime = TimeSpan.FromHours(1),
            MaxConcurrentUploads = 1,
            ShutdownTimeout = TimeSpan.FromHours(1),
            Streams = [new StreamRule { Match = "a" }],
            IdleTimeout = TimeSpan.FromHours(1),
            MaxStreams = 1,
            MaxOpenObjects = 1,
            StallAfter = TimeSpan.FromHours(1),
            Exclusive = true,
            ReportToStandardError = false,
        };

        IEnumerable<string> names = typeof(JournalSettings).GetProperties().Select(p => p.Name).Except(notCompared);
        Assert.Equal(names.Order(), settings.DifferencesFrom(other).Select(line => line.Split(':')[0]).Order());
    }

    [Fact]
    public void ListenersAddedLaterDoNotReachSettingsAlreadyMade()
    {
        JournalOptions options = Valid();
        options.OnFailure(_ => { });
        JournalSettings settings = Read(options);
        options.OnFailure(_ => { });
        Assert.Single(settings.FailureListeners);
    }

    private static JournalOptions Valid() => new() { Destination = "file:///objects" };

    private JournalSettings Read(JournalOptions options) => JournalSettings.From(options, _environment, _ => true);

    private string[] Mistakes(JournalOptions options)
    {
        JournalException exception = Assert.Throws<JournalException>(() => Read(options));
        return exception.Message.Split(Environment.NewLine)[1..];
    }
}
