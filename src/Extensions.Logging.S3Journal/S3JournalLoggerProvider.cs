using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.S3Journal.Registration;
using Microsoft.Extensions.Options;
using Sink.Core;

namespace Microsoft.Extensions.Logging.S3Journal;

/// <summary>
/// Makes loggers whose entries are in the journal when the log call returns: they survive the process, and after the next commit the machine. A wrong setting is an
/// exception from here, at start; when the environment is at fault (directory not writable, disk full) the program starts all the same, that is reported, and the journal is
/// opened by a later log call. Disposed by the container after everything that logs; entries that come even later are refused and counted.
/// </summary>
[ProviderAlias("S3Journal")]
public sealed class S3JournalLoggerProvider : ILoggerProvider, ISupportExternalScope, IAsyncDisposable
{
    private readonly JournalConnection<EntryStream> _connection;
    private readonly EntryWriter _writer;
    private readonly ConcurrentDictionary<string, S3JournalLogger> _loggers = new(StringComparer.Ordinal);
    private readonly JournalChoice _choice;
    private readonly IDisposable? _changes;

    /// <summary>For a container.</summary>
    /// <exception cref="JournalException">A setting is wrong; the message lists each.</exception>
    public S3JournalLoggerProvider(IOptionsMonitor<S3JournalLoggerOptions> options, IServiceProvider services)
        : this((options ?? throw new ArgumentNullException(nameof(options))).CurrentValue, services)
    {
        _changes = options.OnChange(Follow);
    }

    /// <summary>For a logger factory without a container.</summary>
    /// <exception cref="JournalException">A setting is wrong; the message lists each.</exception>
    public S3JournalLoggerProvider(S3JournalLoggerOptions options)
        : this(options, services: null)
    {
    }

    private S3JournalLoggerProvider(S3JournalLoggerOptions options, IServiceProvider? services)
    {
        ArgumentNullException.ThrowIfNull(options);
        EntryEncoding encoding = options.Encoding;
        EntryStreams.Check(encoding);
        _choice = JournalChoice.Of(options, services);
        FrontEndFailures failures = new(options.GetListeners(), options.ReportToStandardError, options.GetTimeProvider());
        string stream = options.Stream ?? ProgramName.AsStream();
        try
        {
            _connection = JournalConnection<EntryStream>.Start(_choice.Open, journal => new EntryStreams(journal, encoding, failures.Report).Open(stream), options.GetTimeProvider(), failures.Report);
        }
        catch
        {
            _choice.Dispose();
            throw;
        }

        _writer = new EntryWriter(_connection, failures, options.GetTimeProvider());
        Follow(options);
    }

    internal FrontEndFailures Failures => _writer.Failures;

    /// <summary>Why the journal is not open; null while it is, or when nobody tried.</summary>
    internal string? OpenTrouble => _connection.Cause is { } cause ? $"{_connection.Trouble} {cause.Message}" : null;

    /// <inheritdoc />
    public ILogger CreateLogger(string categoryName) => _loggers.GetOrAdd(categoryName ?? "", static (category, writer) => new S3JournalLogger(category, writer), _writer);

    /// <inheritdoc />
    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _writer.Scopes = scopeProvider;

    /// <summary>
    /// Delivers everything logged before the call, within the journal's <see cref="JournalOptions.ShutdownTimeout"/>; what a store that is away leaves stays on disk.
    /// </summary>
    public Task FlushAsync(CancellationToken cancellationToken = default) => _choice.FlushAsync(cancellationToken);

    /// <summary>Closes the journal, unless others have it open: stops intake, commits, seals and delivers until <see cref="JournalOptions.ShutdownTimeout"/>. One that was passed in stays open.</summary>
    public void Dispose()
    {
        _changes?.Dispose();
        _connection.Dispose();
        _choice.Dispose();
    }

    /// <inheritdoc cref="Dispose" />
    public async ValueTask DisposeAsync()
    {
        _changes?.Dispose();
        await _connection.DisposeAsync().ConfigureAwait(false);
        _choice.Dispose();
    }

    private void Follow(S3JournalLoggerOptions options)
    {
        _writer.IncludesScopes = options.IncludeScopes;
        _writer.IncludesMessage = options.IncludeFormattedMessage;
    }
}
