using OpenTelemetry.Exporter.S3Journal.Signals;
using Sink.Core;

namespace OpenTelemetry.Exporter;

/// <summary>
/// Settings of the exporter: those of its journal, and a few of its own; all are read once, when the provider is built. Exporters of logs and of spans with the same settings share one
/// journal; with one <see cref="JournalOptions.LocalDirectory"/> and other settings the second is an error that lists the differences.
/// OpenTelemetry takes 5 s to dispose a provider, also where <see cref="JournalOptions.ShutdownTimeout"/> is longer: what is not delivered by then is left to the next start. The provider's <c>Shutdown</c>, called before, takes the time that it is given.
/// </summary>
public sealed class S3JournalExporterOptions : JournalOptions
{
    private readonly List<Action<JournalFailure>> _listeners = [];
    private TimeProvider _time = TimeProvider.System;
    private Journal? _journal;
    private JournalSource? _source;
    private bool _hasCompressor;

    /// <summary>Settings with their defaults. Deliveries run with OpenTelemetry's instrumentation suppressed, so that they make no spans, also with a client of your own: an <see cref="JournalOptions.AroundDelivery"/> of yours replaces that. Of a journal that another front end opened, its own counts.</summary>
    public S3JournalExporterOptions()
    {
        AroundDelivery(static () => SuppressInstrumentationScope.Begin());
    }

    /// <summary>For which reader objects are made. Default <see cref="S3JournalProfile.File"/>. A setting that would give objects which that reader cannot read is refused when the provider is built.</summary>
    public S3JournalProfile Profile { get; set; }

    /// <summary>In which form records are written. Default <see cref="OtlpEncoding.Json"/>.</summary>
    public OtlpEncoding Encoding { get; set; }

    /// <summary>
    /// The stream that records go to, part of the objects' keys: a name such as <c>otel</c>, or a template over the resource such as <c>{service.namespace}/{service.name}</c>, whose tokens are
    /// attributes of the resource, percent-encoded and at most 64 bytes; one that is missing or an array is <c>_</c>. <c>{signal}</c> is <c>logs</c> or <c>traces</c>; a template without
    /// it ends in <c>/{signal}</c>, for each has a stream of its own. At most 256 bytes of UTF-8 in all. Null (the default) is <c>otel</c>: <c>otel/logs</c> and <c>otel/traces</c>. Two providers of one process
    /// whose resources differ need different streams.
    /// </summary>
    public string? Stream { get; set; }

    /// <summary>The receiver's <c>s3_partition</c> with <see cref="S3JournalProfile.Collector"/>; not looked at otherwise. Default <see cref="CollectorPartition.Minute"/>. An object holds records of one partition.</summary>
    public CollectorPartition CollectorPartition { get; set; }

    /// <summary>
    /// How records come to the journal. Simple (the default): on the thread that logs or ends the span, without a lock; they survive the process from then on. Batch: by the SDK's batch processor; records that wait in its
    /// queue are lost with the process, and those that find it full are dropped without a count here. Its sizes and times are those of the SDK, of the exporter's name: <c>LogRecordExportProcessorOptions</c>
    /// and <c>ActivityExportProcessorOptions</c>, which take <c>OTEL_BLRP_*</c> and <c>OTEL_BSP_*</c>.
    /// </summary>
    public ExportProcessorType ExportProcessorType { get; set; } = ExportProcessorType.Simple;

    /// <summary>
    /// Whether <c>ForceFlush</c> also waits until everything is delivered. Default false: it waits until everything is synced to the disk, which a store that is away does not hold up. In either case it waits no
    /// longer than its time-out, and <see cref="JournalOptions.ShutdownTimeout"/> when it has none; nothing is lost when that is over.
    /// </summary>
    public bool ForceFlushDelivers { get; set; }

    /// <summary>
    /// Writes into a journal that the program opened. It stays the program's: it is never disposed here, and of the journal's settings among these only
    /// <see cref="JournalOptions.ShutdownTimeout"/> is looked at: how long a flush without a time-out may take. Its deliveries make no spans only when it was opened with such an <see cref="JournalOptions.AroundDelivery"/>.
    /// </summary>
    public void UseJournal(Journal journal)
    {
        ArgumentNullException.ThrowIfNull(journal);
        _journal = journal;
    }

    /// <inheritdoc cref="JournalOptions.UseTimeProvider" />
    public new void UseTimeProvider(TimeProvider timeProvider)
    {
        base.UseTimeProvider(timeProvider);
        _time = timeProvider;
    }

    /// <summary>
    /// Adds a listener for failures, those of the exporter itself (a journal that cannot be opened, records that cannot be stored) included; several may be added. What
    /// it throws is ignored. It may be called on the thread that logs or ends a span.
    /// </summary>
    public new void OnFailure(Action<JournalFailure> listener)
    {
        base.OnFailure(listener);
        if (!_listeners.Contains(listener))
        {
            _listeners.Add(listener);
        }
    }

    /// <inheritdoc cref="JournalOptions.UseCompressor" />
    public new void UseCompressor(Func<Compressor> create)
    {
        base.UseCompressor(create);
        _hasCompressor = true;
    }

    // No properties: the generated binding of configurations would look into them.
    internal TimeProvider GetTimeProvider() => _time;

    internal Journal? GetJournal() => _journal;

    internal IReadOnlyList<Action<JournalFailure>> GetListeners() => _listeners;

    internal bool HasCompressor() => _hasCompressor;

    /// <summary>Lets tests have another journal.</summary>
    internal void UseSource(JournalSource source) => _source = source;

    internal JournalSource GetSource() => _source ?? JournalSource.Of(this);
}
