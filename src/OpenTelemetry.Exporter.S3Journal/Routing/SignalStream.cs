using OpenTelemetry.Exporter.S3Journal.Options;
using OpenTelemetry.Exporter.S3Journal.Otlp;
using OpenTelemetry.Exporter.S3Journal.Signals;
using OpenTelemetry.Resources;
using Sink.Core;

namespace OpenTelemetry.Exporter.S3Journal.Routing;

/// <summary>
/// A signal's stream in an open journal. It is opened by the first record, for its name and its header are made of the resource, and nobody knows that before the provider is built.
/// </summary>
internal sealed class SignalStream(IEventJournal journal, Signal signal, ExporterSettings settings, OtlpLimits limits, TimeProvider time)
{
    private static readonly TimeSpan _nextTry = TimeSpan.FromSeconds(1);

    // Written by any thread that finds it missing; equal whoever writes it.
    private volatile OpenedStream? _opened;
    private volatile Exception? _trouble;
    private long _triedAt;

    /// <summary>Null until <see cref="TryOpen"/> has opened it.</summary>
    public OpenedStream? Opened => _opened;

    /// <summary>What hindered the last try.</summary>
    public Exception? Trouble => _trouble;

    /// <summary>Null when it cannot be opened; then it is tried again, but not by each record.</summary>
    public OpenedStream? TryOpen(BaseProvider? provider)
    {
        if (_trouble is not null && time.GetElapsedTime(Volatile.Read(ref _triedAt)) < _nextTry)
        {
            return null;
        }

        try
        {
            _opened = Open(provider?.GetResource() ?? Resource.Empty);
            _trouble = null;
        }
        catch (Exception exception) when (exception is not ThreadInterruptedException)
        {
            Volatile.Write(ref _triedAt, time.GetTimestamp());
            _trouble = exception;
        }

        return _opened;
    }

    private OpenedStream Open(Resource resource)
    {
        string name = settings.Template.Render(signal.Name, resource);
        Utf8Buffer buffer = Utf8Buffer.Rent();
        try
        {
            settings.Encoder.WriteResource(resource, buffer);
            IEventStream stream = journal.GetStream(name, settings.StreamOptionsOf(signal.Encoding, buffer.Written.ToArray()));
            return new OpenedStream(stream, limits with { MaxEntryBytes = stream.MaxEntryBytes });
        }
        catch (JournalException exception) when (exception.IsConfiguration)
        {
            throw new JournalException(
                $"The stream \"{name}\" cannot be opened with this provider's resource. Where providers of one process differ in it, give each streams of its own, as by Stream = \"{{service.name}}\". {exception.Message}",
                exception)
            {
                IsConfiguration = true,
            };
        }
        finally
        {
            Utf8Buffer.Return(buffer);
        }
    }
}
