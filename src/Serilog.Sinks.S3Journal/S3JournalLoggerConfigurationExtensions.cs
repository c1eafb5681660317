using Serilog.Configuration;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Sinks.S3Journal;
using Serilog.Sinks.S3Journal.Routing;
using Sink.Core;

namespace Serilog;

/// <summary>Adds <c>S3Journal</c> to <c>WriteTo</c> and <c>AuditTo</c>.</summary>
/// <remarks>
/// A wrong setting throws a <see cref="JournalException"/> from here. When the environment is at fault (directory not writable,
/// disk full) <c>AuditTo</c> throws too; <c>WriteTo</c> starts, reports it to the failure listener and the self-log, and tries again.
/// </remarks>
public static class S3JournalLoggerConfigurationExtensions
{
    /// <summary>
    /// Writes events to a journal on the local disk, which delivers them to the destination. Settings left null have the
    /// defaults of <see cref="S3JournalSinkOptions"/>. In JSON write times as <c>"00:00:00.200"</c>.
    /// </summary>
    /// <param name="sinkConfiguration">What <c>WriteTo</c> is.</param>
    /// <param name="destination"><see cref="JournalOptions.Destination"/>.</param>
    /// <param name="localDirectory"><see cref="JournalOptions.LocalDirectory"/>.</param>
    /// <param name="stream"><see cref="S3JournalSinkOptions.Stream"/>.</param>
    /// <param name="formatter"><see cref="S3JournalSinkOptions.Formatter"/>.</param>
    /// <param name="encoding"><see cref="S3JournalSinkOptions.Encoding"/>.</param>
    /// <param name="application"><see cref="JournalOptions.Application"/>.</param>
    /// <param name="id"><see cref="JournalOptions.Id"/>.</param>
    /// <param name="workId"><see cref="JournalOptions.WorkId"/>.</param>
    /// <param name="dataVersion"><see cref="JournalOptions.DataVersion"/>.</param>
    /// <param name="maxBatchLatency"><see cref="JournalOptions.MaxBatchLatency"/>.</param>
    /// <param name="maxBatchSize"><see cref="JournalOptions.MaxBatchSize"/>.</param>
    /// <param name="fsync"><see cref="JournalOptions.Fsync"/>.</param>
    /// <param name="ringBytes"><see cref="JournalOptions.RingBytes"/>.</param>
    /// <param name="ringDirectory"><see cref="JournalOptions.RingDirectory"/>.</param>
    /// <param name="segmentBytes"><see cref="JournalOptions.SegmentBytes"/>.</param>
    /// <param name="maxEntryBytes"><see cref="JournalOptions.MaxEntryBytes"/>.</param>
    /// <param name="maxObjectBytes"><see cref="JournalOptions.MaxObjectBytes"/>.</param>
    /// <param name="maxObjectAge"><see cref="JournalOptions.MaxObjectAge"/>.</param>
    /// <param name="compression"><see cref="JournalOptions.Compression"/>.</param>
    /// <param name="compressionLevel"><see cref="JournalOptions.CompressionLevel"/>.</param>
    /// <param name="directoryFormat"><see cref="JournalOptions.DirectoryFormat"/>.</param>
    /// <param name="directoryTimeZone"><see cref="JournalOptions.DirectoryTimeZone"/>.</param>
    /// <param name="shards"><see cref="JournalOptions.Shards"/>.</param>
    /// <param name="maxDiskBytes"><see cref="JournalOptions.MaxDiskBytes"/>.</param>
    /// <param name="minFreeDiskBytes"><see cref="JournalOptions.MinFreeDiskBytes"/>.</param>
    /// <param name="whenFull"><see cref="JournalOptions.WhenFull"/>.</param>
    /// <param name="maxBlockTime"><see cref="JournalOptions.MaxBlockTime"/>.</param>
    /// <param name="maxConcurrentUploads"><see cref="JournalOptions.MaxConcurrentUploads"/>.</param>
    /// <param name="shutdownTimeout"><see cref="JournalOptions.ShutdownTimeout"/>.</param>
    /// <param name="streams"><see cref="JournalOptions.Streams"/>.</param>
    /// <param name="idleTimeout"><see cref="JournalOptions.IdleTimeout"/>.</param>
    /// <param name="maxStreams"><see cref="JournalOptions.MaxStreams"/>.</param>
    /// <param name="maxOpenObjects"><see cref="JournalOptions.MaxOpenObjects"/>.</param>
    /// <param name="stallAfter"><see cref="JournalOptions.StallAfter"/>.</param>
    /// <param name="exclusive"><see cref="JournalOptions.Exclusive"/>.</param>
    /// <param name="reportToStandardError"><see cref="JournalOptions.ReportToStandardError"/>.</param>
    /// <param name="s3"><see cref="JournalOptions.S3"/>.</param>
    /// <param name="restrictedToMinimumLevel">The least level that reaches the sink; not looked at with <paramref name="levelSwitch"/>.</param>
    /// <param name="levelSwitch">Changes that level while the program runs.</param>
    /// <exception cref="JournalException">A setting is wrong; the message lists each.</exception>
    public static LoggerConfiguration S3Journal(
        this LoggerSinkConfiguration sinkConfiguration,
        string? destination = null,
        string? localDirectory = null,
        string? stream = null,
        ITextFormatter? formatter = null,
        EntryEncoding? encoding = null,
        string? application = null,
        string? id = null,
        string? workId = null,
        string? dataVersion = null,
        TimeSpan? maxBatchLatency = null,
        int? maxBatchSize = null,
        bool? fsync = null,
        long? ringBytes = null,
        string? ringDirectory = null,
        long? segmentBytes = null,
        int? maxEntryBytes = null,
        long? maxObjectBytes = null,
        TimeSpan? maxObjectAge = null,
        Compression? compression = null,
        int? compressionLevel = null,
        string? directoryFormat = null,
        string? directoryTimeZone = null,
        int? shards = null,
        long? maxDiskBytes = null,
        long? minFreeDiskBytes = null,
        WhenFull? whenFull = null,
        TimeSpan? maxBlockTime = null,
        int? maxConcurrentUploads = null,
        TimeSpan? shutdownTimeout = null,
        StreamRule[]? streams = null,
        TimeSpan? idleTimeout = null,
        int? maxStreams = null,
        int? maxOpenObjects = null,
        TimeSpan? stallAfter = null,
        bool? exclusive = null,
        bool? reportToStandardError = null,
        S3Options? s3 = null,
        LogEventLevel restrictedToMinimumLevel = LevelAlias.Minimum,
        LoggingLevelSwitch? levelSwitch = null)
    {
        ArgumentNullException.ThrowIfNull(sinkConfiguration);
        S3JournalSinkOptions options = Gather(
            destination, localDirectory, stream, formatter, encoding, application, id, workId, dataVersion, maxBatchLatency, maxBatchSize, fsync, ringBytes, ringDirectory, segmentBytes,
            maxEntryBytes, maxObjectBytes, maxObjectAge, compression, compressionLevel, directoryFormat, directoryTimeZone, shards, maxDiskBytes,
            minFreeDiskBytes, whenFull, maxBlockTime, maxConcurrentUploads, shutdownTimeout, streams, idleTimeout, maxStreams, maxOpenObjects, stallAfter,
            exclusive, reportToStandardError, s3);
        return sinkConfiguration.Sink(Start(options), restrictedToMinimumLevel, levelSwitch);
    }

    /// <summary>Writes events to a journal on the local disk, which delivers them to the destination.</summary>
    /// <param name="sinkConfiguration">What <c>WriteTo</c> is.</param>
    /// <param name="configure">Sets the options.</param>
    /// <param name="restrictedToMinimumLevel">The least level that reaches the sink; not looked at with <paramref name="levelSwitch"/>.</param>
    /// <param name="levelSwitch">Changes that level while the program runs.</param>
    /// <exception cref="JournalException">A setting is wrong; the message lists each.</exception>
    public static LoggerConfiguration S3Journal(
        this LoggerSinkConfiguration sinkConfiguration,
        Action<S3JournalSinkOptions> configure,
        LogEventLevel restrictedToMinimumLevel = LevelAlias.Minimum,
        LoggingLevelSwitch? levelSwitch = null)
    {
        ArgumentNullException.ThrowIfNull(sinkConfiguration);
        return sinkConfiguration.Sink(Start(Configured(configure)), restrictedToMinimumLevel, levelSwitch);
    }

    /// <summary>Writes events to an open journal, which stays open when the logger is closed.</summary>
    /// <param name="sinkConfiguration">What <c>WriteTo</c> is.</param>
    /// <param name="journal">The journal.</param>
    /// <param name="stream"><see cref="S3JournalSinkOptions.Stream"/>.</param>
    /// <param name="formatter"><see cref="S3JournalSinkOptions.Formatter"/>.</param>
    /// <param name="encoding"><see cref="S3JournalSinkOptions.Encoding"/>.</param>
    /// <param name="restrictedToMinimumLevel">The least level that reaches the sink; not looked at with <paramref name="levelSwitch"/>.</param>
    /// <param name="levelSwitch">Changes that level while the program runs.</param>
    /// <exception cref="JournalException">The stream is not a name or template, or the formatter and the encoding do not go together.</exception>
    public static LoggerConfiguration S3Journal(
        this LoggerSinkConfiguration sinkConfiguration,
        Journal journal,
        string? stream = null,
        ITextFormatter? formatter = null,
        EntryEncoding encoding = EntryEncoding.Json,
        LogEventLevel restrictedToMinimumLevel = LevelAlias.Minimum,
        LoggingLevelSwitch? levelSwitch = null)
    {
        ArgumentNullException.ThrowIfNull(sinkConfiguration);
        ArgumentNullException.ThrowIfNull(journal);

        // Whoever opened the journal listens to its failures and decides on standard error.
        S3JournalSink sink = S3JournalSink.Start(
            () => CoreJournal.OfUser(journal), S3JournalSinkOptions.EncoderFor(formatter, encoding), StreamTemplate.Parse(stream), new SinkSurroundings(TimeProvider.System, ReportToStandardError: false));
        return sinkConfiguration.Sink(sink, restrictedToMinimumLevel, levelSwitch);
    }

    /// <summary>
    /// Writes each event to a journal and returns when it is synced to the disk; throws when it cannot. Settings left null
    /// have the defaults of <see cref="S3JournalSinkOptions"/>.
    /// </summary>
    /// <param name="auditSinkConfiguration">What <c>AuditTo</c> is.</param>
    /// <param name="destination"><see cref="JournalOptions.Destination"/>.</param>
    /// <param name="localDirectory"><see cref="JournalOptions.LocalDirectory"/>.</param>
    /// <param name="stream"><see cref="S3JournalSinkOptions.Stream"/>.</param>
    /// <param name="formatter"><see cref="S3JournalSinkOptions.Formatter"/>.</param>
    /// <param name="encoding"><see cref="S3JournalSinkOptions.Encoding"/>.</param>
    /// <param name="application"><see cref="JournalOptions.Application"/>.</param>
    /// <param name="id"><see cref="JournalOptions.Id"/>.</param>
    /// <param name="workId"><see cref="JournalOptions.WorkId"/>.</param>
    /// <param name="dataVersion"><see cref="JournalOptions.DataVersion"/>.</param>
    /// <param name="maxBatchLatency"><see cref="JournalOptions.MaxBatchLatency"/>.</param>
    /// <param name="maxBatchSize"><see cref="JournalOptions.MaxBatchSize"/>.</param>
    /// <param name="fsync"><see cref="JournalOptions.Fsync"/>.</param>
    /// <param name="ringBytes"><see cref="JournalOptions.RingBytes"/>.</param>
    /// <param name="ringDirectory"><see cref="JournalOptions.RingDirectory"/>.</param>
    /// <param name="segmentBytes"><see cref="JournalOptions.SegmentBytes"/>.</param>
    /// <param name="maxEntryBytes"><see cref="JournalOptions.MaxEntryBytes"/>.</param>
    /// <param name="maxObjectBytes"><see cref="JournalOptions.MaxObjectBytes"/>.</param>
    /// <param name="maxObjectAge"><see cref="JournalOptions.MaxObjectAge"/>.</param>
    /// <param name="compression"><see cref="JournalOptions.Compression"/>.</param>
    /// <param name="compressionLevel"><see cref="JournalOptions.CompressionLevel"/>.</param>
    /// <param name="directoryFormat"><see cref="JournalOptions.DirectoryFormat"/>.</param>
    /// <param name="directoryTimeZone"><see cref="JournalOptions.DirectoryTimeZone"/>.</param>
    /// <param name="shards"><see cref="JournalOptions.Shards"/>.</param>
    /// <param name="maxDiskBytes"><see cref="JournalOptions.MaxDiskBytes"/>.</param>
    /// <param name="minFreeDiskBytes"><see cref="JournalOptions.MinFreeDiskBytes"/>.</param>
    /// <param name="whenFull"><see cref="JournalOptions.WhenFull"/>.</param>
    /// <param name="maxBlockTime"><see cref="JournalOptions.MaxBlockTime"/>.</param>
    /// <param name="maxConcurrentUploads"><see cref="JournalOptions.MaxConcurrentUploads"/>.</param>
    /// <param name="shutdownTimeout"><see cref="JournalOptions.ShutdownTimeout"/>.</param>
    /// <param name="streams"><see cref="JournalOptions.Streams"/>.</param>
    /// <param name="idleTimeout"><see cref="JournalOptions.IdleTimeout"/>.</param>
    /// <param name="maxStreams"><see cref="JournalOptions.MaxStreams"/>.</param>
    /// <param name="maxOpenObjects"><see cref="JournalOptions.MaxOpenObjects"/>.</param>
    /// <param name="stallAfter"><see cref="JournalOptions.StallAfter"/>.</param>
    /// <param name="exclusive"><see cref="JournalOptions.Exclusive"/>.</param>
    /// <param name="reportToStandardError"><see cref="JournalOptions.ReportToStandardError"/>.</param>
    /// <param name="s3"><see cref="JournalOptions.S3"/>.</param>
    /// <param name="auditTimeout"><see cref="S3JournalSinkOptions.AuditTimeout"/>.</param>
    /// <param name="restrictedToMinimumLevel">The least level that reaches the sink; not looked at with <paramref name="levelSwitch"/>.</param>
    /// <param name="levelSwitch">Changes that level while the program runs.</param>
    /// <exception cref="JournalException">A setting is wrong, or the journal could not be opened.</exception>
    public static LoggerConfiguration S3Journal(
        this LoggerAuditSinkConfiguration auditSinkConfiguration,
        string? destination = null,
        string? localDirectory = null,
        string? stream = null,
        ITextFormatter? formatter = null,
        EntryEncoding? encoding = null,
        string? application = null,
        string? id = null,
        string? workId = null,
        string? dataVersion = null,
        TimeSpan? maxBatchLatency = null,
        int? maxBatchSize = null,
        bool? fsync = null,
        long? ringBytes = null,
        string? ringDirectory = null,
        long? segmentBytes = null,
        int? maxEntryBytes = null,
        long? maxObjectBytes = null,
        TimeSpan? maxObjectAge = null,
        Compression? compression = null,
        int? compressionLevel = null,
        string? directoryFormat = null,
        string? directoryTimeZone = null,
        int? shards = null,
        long? maxDiskBytes = null,
        long? minFreeDiskBytes = null,
        WhenFull? whenFull = null,
        TimeSpan? maxBlockTime = null,
        int? maxConcurrentUploads = null,
        TimeSpan? shutdownTimeout = null,
        StreamRule[]? streams = null,
        TimeSpan? idleTimeout = null,
        int? maxStreams = null,
        int? maxOpenObjects = null,
        TimeSpan? stallAfter = null,
        bool? exclusive = null,
        bool? reportToStandardError = null,
        S3Options? s3 = null,
        TimeSpan? auditTimeout = null,
        LogEventLevel restrictedToMinimumLevel = LevelAlias.Minimum,
        LoggingLevelSwitch? levelSwitch = null)
    {
        ArgumentNullException.ThrowIfNull(auditSinkConfiguration);
        S3JournalSinkOptions options = Gather(
            destination, localDirectory, stream, formatter, encoding, application, id, workId, dataVersion, maxBatchLatency, maxBatchSize, fsync, ringBytes, ringDirectory, segmentBytes,
            maxEntryBytes, maxObjectBytes, maxObjectAge, compression, compressionLevel, directoryFormat, directoryTimeZone, shards, maxDiskBytes,
            minFreeDiskBytes, whenFull, maxBlockTime, maxConcurrentUploads, shutdownTimeout, streams, idleTimeout, maxStreams, maxOpenObjects, stallAfter,
            exclusive, reportToStandardError, s3);
        options.AuditTimeout = auditTimeout ?? options.AuditTimeout;
        return auditSinkConfiguration.Sink(StartAudit(options), restrictedToMinimumLevel, levelSwitch);
    }

    /// <summary>Writes each event to a journal and returns when it is synced to the disk; throws when it cannot.</summary>
    /// <param name="auditSinkConfiguration">What <c>AuditTo</c> is.</param>
    /// <param name="configure">Sets the options.</param>
    /// <param name="restrictedToMinimumLevel">The least level that reaches the sink; not looked at with <paramref name="levelSwitch"/>.</param>
    /// <param name="levelSwitch">Changes that level while the program runs.</param>
    /// <exception cref="JournalException">A setting is wrong, or the journal could not be opened.</exception>
    public static LoggerConfiguration S3Journal(
        this LoggerAuditSinkConfiguration auditSinkConfiguration,
        Action<S3JournalSinkOptions> configure,
        LogEventLevel restrictedToMinimumLevel = LevelAlias.Minimum,
        LoggingLevelSwitch? levelSwitch = null)
    {
        ArgumentNullException.ThrowIfNull(auditSinkConfiguration);
        return auditSinkConfiguration.Sink(StartAudit(Configured(configure)), restrictedToMinimumLevel, levelSwitch);
    }

    /// <summary>Writes each event to an open journal and returns when it is synced to the disk; throws when it cannot. The journal stays open.</summary>
    /// <param name="auditSinkConfiguration">What <c>AuditTo</c> is.</param>
    /// <param name="journal">The journal, opened with <see cref="JournalOptions.Fsync"/>.</param>
    /// <param name="stream"><see cref="S3JournalSinkOptions.Stream"/>.</param>
    /// <param name="formatter"><see cref="S3JournalSinkOptions.Formatter"/>.</param>
    /// <param name="encoding"><see cref="S3JournalSinkOptions.Encoding"/>.</param>
    /// <param name="auditTimeout"><see cref="S3JournalSinkOptions.AuditTimeout"/>.</param>
    /// <param name="restrictedToMinimumLevel">The least level that reaches the sink; not looked at with <paramref name="levelSwitch"/>.</param>
    /// <param name="levelSwitch">Changes that level while the program runs.</param>
    /// <exception cref="JournalException">The stream, time-out or encoding is not usable.</exception>
    public static LoggerConfiguration S3Journal(
        this LoggerAuditSinkConfiguration auditSinkConfiguration,
        Journal journal,
        string? stream = null,
        ITextFormatter? formatter = null,
        EntryEncoding encoding = EntryEncoding.Json,
        TimeSpan? auditTimeout = null,
        LogEventLevel restrictedToMinimumLevel = LevelAlias.Minimum,
        LoggingLevelSwitch? levelSwitch = null)
    {
        ArgumentNullException.ThrowIfNull(auditSinkConfiguration);
        ArgumentNullException.ThrowIfNull(journal);
        TimeSpan timeout = auditTimeout ?? new S3JournalSinkOptions().AuditTimeout;
        S3JournalSinkOptions.CheckAuditTimeout(timeout);
        S3JournalAuditSink sink = S3JournalAuditSink.Start(() => CoreJournal.OfUser(journal), S3JournalSinkOptions.EncoderFor(formatter, encoding), StreamTemplate.Parse(stream), timeout);
        return auditSinkConfiguration.Sink(sink, restrictedToMinimumLevel, levelSwitch);
    }

    private static S3JournalSink Start(S3JournalSinkOptions options)
        => S3JournalSink.Start(() => CoreJournal.Open(options), options.Encoder, StreamTemplate.Parse(options.Stream), options.Surroundings);

    private static S3JournalAuditSink StartAudit(S3JournalSinkOptions options)
    {
        options.CheckForAudit();
        StreamTemplate template = StreamTemplate.Parse(options.Stream);
        return S3JournalAuditSink.Start(() => CoreJournal.Open(options), options.Encoder, template, options.AuditTimeout, options.Surroundings);
    }

    private static S3JournalSinkOptions Configured(Action<S3JournalSinkOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        S3JournalSinkOptions options = new();
        configure(options);
        return options;
    }

    private static S3JournalSinkOptions Gather(
        string? destination,
        string? localDirectory,
        string? stream,
        ITextFormatter? formatter,
        EntryEncoding? encoding,
        string? application,
        string? id,
        string? workId,
        string? dataVersion,
        TimeSpan? maxBatchLatency,
        int? maxBatchSize,
        bool? fsync,
        long? ringBytes,
        string? ringDirectory,
        long? segmentBytes,
        int? maxEntryBytes,
        long? maxObjectBytes,
        TimeSpan? maxObjectAge,
        Compression? compression,
        int? compressionLevel,
        string? directoryFormat,
        string? directoryTimeZone,
        int? shards,
        long? maxDiskBytes,
        long? minFreeDiskBytes,
        WhenFull? whenFull,
        TimeSpan? maxBlockTime,
        int? maxConcurrentUploads,
        TimeSpan? shutdownTimeout,
        StreamRule[]? streams,
        TimeSpan? idleTimeout,
        int? maxStreams,
        int? maxOpenObjects,
        TimeSpan? stallAfter,
        bool? exclusive,
        bool? reportToStandardError,
        S3Options? s3)
    {
        S3JournalSinkOptions options = new()
        {
            Destination = destination,
            LocalDirectory = localDirectory,
            Stream = stream,
            Formatter = formatter,
            Application = application,
            Id = id,
            WorkId = workId,
            DataVersion = dataVersion,
            RingDirectory = ringDirectory,
            CompressionLevel = compressionLevel,
            Shards = shards,
            MinFreeDiskBytes = minFreeDiskBytes,
        };

        options.Encoding = encoding ?? options.Encoding;
        options.MaxBatchLatency = maxBatchLatency ?? options.MaxBatchLatency;
        options.MaxBatchSize = maxBatchSize ?? options.MaxBatchSize;
        options.Fsync = fsync ?? options.Fsync;
        options.RingBytes = ringBytes ?? options.RingBytes;
        options.SegmentBytes = segmentBytes ?? options.SegmentBytes;
        options.MaxEntryBytes = maxEntryBytes ?? options.MaxEntryBytes;
        options.MaxObjectBytes = maxObjectBytes ?? options.MaxObjectBytes;
        options.MaxObjectAge = maxObjectAge ?? options.MaxObjectAge;
        options.Compression = compression ?? options.Compression;
        options.DirectoryFormat = directoryFormat ?? options.DirectoryFormat;
        options.DirectoryTimeZone = directoryTimeZone ?? options.DirectoryTimeZone;
        options.MaxDiskBytes = maxDiskBytes ?? options.MaxDiskBytes;
        options.WhenFull = whenFull ?? options.WhenFull;
        options.MaxBlockTime = maxBlockTime ?? options.MaxBlockTime;
        options.MaxConcurrentUploads = maxConcurrentUploads ?? options.MaxConcurrentUploads;
        options.ShutdownTimeout = shutdownTimeout ?? options.ShutdownTimeout;
        options.Streams = streams ?? options.Streams;
        options.IdleTimeout = idleTimeout ?? options.IdleTimeout;
        options.MaxStreams = maxStreams ?? options.MaxStreams;
        options.MaxOpenObjects = maxOpenObjects ?? options.MaxOpenObjects;
        options.StallAfter = stallAfter ?? options.StallAfter;
        options.Exclusive = exclusive ?? options.Exclusive;
        options.ReportToStandardError = reportToStandardError ?? options.ReportToStandardError;
        options.S3 = s3 ?? options.S3;
        return options;
    }
}
