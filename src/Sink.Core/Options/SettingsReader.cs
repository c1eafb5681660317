using System.Globalization;
using Sink.Core.Compressing;
using Sink.Core.Delivery;
using Sink.Core.Delivery.S3;
using Sink.Core.Packing;

namespace Sink.Core.Options;

/// <summary>Reads options once: checks all of them, then makes the settings.</summary>
internal sealed class SettingsReader
{
    private readonly OptionChecks _checks = new();
    private readonly HostEnvironment _environment;
    private readonly JournalOptions _options;

    public SettingsReader(JournalOptions options, HostEnvironment environment)
    {
        _options = options;
        _environment = environment;
    }

    /// <exception cref="JournalException">Lists every mistake.</exception>
    public JournalSettings Read(Func<string, bool> isWritable)
    {
        (Destination? destination, S3Settings? s3) = CheckDestination();
        string application = NameOr(nameof(JournalOptions.Application), _options.Application, _environment.ApplicationName, "application");
        string id = NameOr(nameof(JournalOptions.Id), _options.Id, _environment.HostName, "host");
        string? ringDirectory = AbsoluteOrNull(nameof(JournalOptions.RingDirectory), _options.RingDirectory);
        string? localDirectory = AbsoluteOrNull(nameof(JournalOptions.LocalDirectory), _options.LocalDirectory);
        int level = ReadCompressionLevel();
        CustomCompressor? compressor = ReadCompressor();
        TimeZoneInfo zone = ReadTimeZone();
        CheckSizes();
        CheckTimes();
        CheckCounts();
        IReadOnlyList<StreamRule> streams = ReadStreams(compressor);
        CheckRecord();

        // Only now: finding a directory probes the disk, which a mistaken configuration must not do.
        _checks.ThrowIfAny();
        return new JournalSettings
        {
            Destination = destination!,
            S3 = s3,
            LocalDirectory = LocalDirectoryFinder.Find(localDirectory, application, _environment, isWritable),
            Application = application,
            Id = id,
            WorkId = _options.WorkId,
            DataVersion = _options.DataVersion,
            MaxBatchLatency = _options.MaxBatchLatency,
            MaxBatchSize = _options.MaxBatchSize,
            Fsync = _options.Fsync,
            RingBytes = RoundedRingBytes(),
            RingDirectory = ringDirectory,
            SegmentBytes = _options.SegmentBytes,
            MaxEntryBytes = _options.MaxEntryBytes,
            MaxObjectBytes = _options.MaxObjectBytes,
            MaxObjectAge = _options.MaxObjectAge,
            Compression = compressor is null ? _options.Compression : Compression.None,
            CompressionLevel = level,
            Compressor = compressor,
            DirectoryFormat = _options.DirectoryFormat,
            DirectoryTimeZone = zone,
            Shards = _options.Shards,
            MaxDiskBytes = _options.MaxDiskBytes,
            MinFreeDiskBytes = _options.MinFreeDiskBytes,
            WhenFull = _options.WhenFull,
            MaxBlockTime = _options.MaxBlockTime,
            MaxConcurrentUploads = _options.MaxConcurrentUploads,
            ShutdownTimeout = _options.ShutdownTimeout,
            Streams = streams,
            IdleTimeout = _options.IdleTimeout,
            MaxStreams = _options.MaxStreams,
            MaxOpenObjects = _options.MaxOpenObjects,
            StallAfter = _options.StallAfter,
            Exclusive = _options.Exclusive,
            ReportToStandardError = _options.ReportToStandardError,
            TimeProvider = _options.TimeProvider,
            FailureListeners = [.. _options.FailureListeners],
            HasCompression = _environment.Has,
            DeliveryListeners = [.. _options.DeliveryListeners],
            OpenDirectory = _options.OpenDirectory,
            CreateStore = _options.CreateStore,
        };
    }

    /// <summary>Only where objects are, for whoever reads them.</summary>
    /// <exception cref="JournalException">Lists every mistake.</exception>
    public (Destination Destination, S3Settings? S3) ReadDestination()
    {
        (Destination? destination, S3Settings? s3) = CheckDestination();
        _checks.ThrowIfAny();
        return (destination!, s3);
    }

    private (Destination? Destination, S3Settings? S3) CheckDestination()
    {
        if (_options.CreateStore is not null)
        {
            if (!string.IsNullOrWhiteSpace(_options.Destination))
            {
                _checks.Add(nameof(JournalOptions.Destination), $"is set together with {nameof(JournalOptions.UseObjectStore)}, whose store says itself where objects go; leave one out");
            }

            return (Destination.OfCode, null);
        }

        Destination? destination = Destination.Parse(_options.Destination, out string error);
        if (destination is null)
        {
            _checks.Add(nameof(JournalOptions.Destination), error);
        }

        return (destination, destination?.Bucket is null ? null : S3SettingsReader.Read(destination, _options, _environment, _checks));
    }

    private void CheckSizes()
    {
        const long OneGiB = 1L << 30;
        bool isSound = _checks.Range(nameof(JournalOptions.RingBytes), _options.RingBytes, 64L << 10, OneGiB);
        isSound &= _checks.Range(nameof(JournalOptions.SegmentBytes), _options.SegmentBytes, _options.SmallestSegmentBytes, OneGiB);
        isSound &= _checks.Range(nameof(JournalOptions.MaxObjectBytes), _options.MaxObjectBytes, SettingLimits.SmallestObjectBytes, 5L << 30);
        if (_options.MinFreeDiskBytes is { } minFree)
        {
            _checks.Range(nameof(JournalOptions.MinFreeDiskBytes), minFree, 0, long.MaxValue);
        }

        // These two follow from the others, so a mistake there would only be said again.
        if (!isSound)
        {
            return;
        }

        long mostEntryBytes = (RoundedRingBytes() / 4) - SettingLimits.EntryHeaderBytes;
        if (_options.MaxEntryBytes < 1 || _options.MaxEntryBytes > mostEntryBytes)
        {
            _checks.Add(nameof(JournalOptions.MaxEntryBytes), string.Create(
                CultureInfo.InvariantCulture,
                $"is {_options.MaxEntryBytes:N0}; write 1 to {mostEntryBytes:N0}, a quarter of RingBytes less 1 KiB, or raise RingBytes"));
        }

        long leastDiskBytes = RoundedRingBytes() + (2 * _options.SegmentBytes) + _options.MaxObjectBytes + SettingLimits.PackingReserveBytes;
        if (_options.MaxDiskBytes < leastDiskBytes)
        {
            _checks.Add(nameof(JournalOptions.MaxDiskBytes), string.Create(
                CultureInfo.InvariantCulture,
                $"is {_options.MaxDiskBytes:N0}; write at least {leastDiskBytes:N0} (RingBytes, two SegmentBytes, MaxObjectBytes and 16 MiB), or lower those"));
        }
    }

    private void CheckTimes()
    {
        _checks.Range(nameof(JournalOptions.MaxBatchLatency), _options.MaxBatchLatency, TimeSpan.FromMilliseconds(1), SettingLimits.OneHour);
        _checks.Range(nameof(JournalOptions.MaxObjectAge), _options.MaxObjectAge, SettingLimits.ShortestObjectAge, SettingLimits.LongestObjectAge);
        _checks.Range(nameof(JournalOptions.IdleTimeout), _options.IdleTimeout, SettingLimits.ShortestIdle, SettingLimits.LongestObjectAge);
        _checks.Range(nameof(JournalOptions.MaxBlockTime), _options.MaxBlockTime, TimeSpan.Zero, SettingLimits.OneHour);
        _checks.Range(nameof(JournalOptions.ShutdownTimeout), _options.ShutdownTimeout, TimeSpan.Zero, SettingLimits.OneHour);
        _checks.Range(nameof(JournalOptions.StallAfter), _options.StallAfter, TimeSpan.FromMilliseconds(10), SettingLimits.OneMinute);
    }

    private void CheckCounts()
    {
        _checks.Range(nameof(JournalOptions.MaxBatchSize), _options.MaxBatchSize, 1, 10_000_000);
        _checks.Range(nameof(JournalOptions.MaxConcurrentUploads), _options.MaxConcurrentUploads, 1, 64);
        _checks.Range(nameof(JournalOptions.MaxStreams), _options.MaxStreams, 1, 1_000_000);
        _checks.Range(nameof(JournalOptions.MaxOpenObjects), _options.MaxOpenObjects, 1, 100_000);
        _checks.Defined(nameof(JournalOptions.WhenFull), _options.WhenFull);
        if (_options.Shards is { } shards)
        {
            _checks.Range(nameof(JournalOptions.Shards), shards, 1, 36);
        }

        if (PartitionFormat.Validate(_options.DirectoryFormat) is { } reason)
        {
            _checks.Add(nameof(JournalOptions.DirectoryFormat), reason);
        }
    }

    /// <summary>Copies: what the user changes later must not be a setting of some streams and not of others.</summary>
    private List<StreamRule> ReadStreams(CustomCompressor? compressor)
    {
        List<StreamRule> rules = [];
        foreach (StreamRule? rule in _options.Streams ?? [])
        {
            string option = string.Create(CultureInfo.InvariantCulture, $"{nameof(JournalOptions.Streams)}:{rules.Count}");
            if (StreamPattern.Check(rule?.Match) is { } fault)
            {
                _checks.Add($"{option}:{nameof(StreamRule.Match)}", fault);
            }

            StreamRule read = rule?.Copy() ?? new StreamRule();
            FrameKind? kind = compressor?.Kind ?? (Enum.IsDefined(_options.Compression) ? FrameKind.Of(_options.Compression) : null);
            new StreamChecks(_checks, option + ":") { MostObjectBytes = _options.MaxObjectBytes, JournalKind = kind, HasCompression = _environment.Has }.Check(read);
            rules.Add(read);
        }

        return rules;
    }

    private void CheckRecord()
    {
        if (_options.WorkId is { } workId && (workId.Length > ObjectMetadata.LongestWorkId || !LakeRecordReader.IsWorkId(workId)))
        {
            _checks.Add(nameof(JournalOptions.WorkId), $"is not 1 to {ObjectMetadata.LongestWorkId} of the characters a-z 0-9 _ -, or is the word null; write such a name, or leave it out");
        }

        if (_options.DataVersion is { } version && (version.Length > ObjectMetadata.LongestDataVersion || !LakeRecordReader.IsDataVersion(version)))
        {
            _checks.Add(nameof(JournalOptions.DataVersion), $"is not 1 to {ObjectMetadata.LongestDataVersion} of the characters A-Z a-z 0-9 _ -; write such a name, or leave it out");
        }
    }

    private int ReadCompressionLevel()
    {
        const string Option = nameof(JournalOptions.CompressionLevel);
        if (_options.CreateCompressor is not null)
        {
            return 0;
        }

        _checks.Defined(nameof(JournalOptions.Compression), _options.Compression);
        if (!_environment.Has(_options.Compression))
        {
            _checks.Add(nameof(JournalOptions.Compression), XzCompressor.Missing);
        }

        if (Compressors.Levels(_options.Compression) is { } levels)
        {
            int level = _options.CompressionLevel ?? levels.Usual;
            _checks.Range(Option, level, levels.Least, levels.Most);
            return level;
        }

        if (_options.CompressionLevel is { } none && _options.Compression == Compression.Snappy)
        {
            _checks.Add(Option, string.Create(CultureInfo.InvariantCulture, $"is {none}, and Snappy has no levels; leave it out"));
        }

        return 0;
    }

    private CustomCompressor? ReadCompressor()
    {
        if (_options.CreateCompressor is not { } create)
        {
            return null;
        }

        CustomCompressor? compressor = CustomCompressor.TryFind(create, out string fault);
        if (compressor is null)
        {
            _checks.Add(nameof(JournalOptions.UseCompressor), fault);
        }

        return compressor;
    }

    private TimeZoneInfo ReadTimeZone()
    {
        string id = _options.DirectoryTimeZone;
        if (!string.IsNullOrWhiteSpace(id) && TimeZoneInfo.TryFindSystemTimeZoneById(id, out TimeZoneInfo? zone))
        {
            return zone;
        }

        _checks.Add(
            nameof(JournalOptions.DirectoryTimeZone),
            $"\"{id}\" is not a time zone of this system; write UTC or a name such as Europe/Berlin (a container image may lack the zones: install tzdata)");
        return TimeZoneInfo.Utc;
    }

    private string NameOr(string option, string? value, string? found, string fallback)
    {
        if (value is null)
        {
            return OptionChecks.CleanName(found, fallback);
        }

        _checks.Name(option, value);
        return value;
    }

    private string? AbsoluteOrNull(string option, string? path)
    {
        if (path is null)
        {
            return null;
        }

        if (string.IsNullOrWhiteSpace(path) || path.Contains('\0'))
        {
            _checks.Add(option, "is not a path; write a directory, or leave it out");
            return null;
        }

        return Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
    }

    private long RoundedRingBytes()
    {
        const long Step = SettingLimits.RingGranularity;
        return (_options.RingBytes + Step - 1) / Step * Step;
    }
}
