using Microsoft.Extensions.Hosting;
using Sink.Core;

namespace Microsoft.Extensions.Logging.S3Journal.Registration;

/// <summary>
/// Delivers when the host has stopped everything else, within the time that it has left: also a host that is never disposed leaves nothing behind. What comes later is delivered by
/// the provider's end, or by the next start.
/// </summary>
internal sealed class FlushAtStop(IEnumerable<ILoggerProvider> providers) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        foreach (S3JournalLoggerProvider provider in providers.OfType<S3JournalLoggerProvider>())
        {
            try
            {
                await provider.FlushAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (JournalException exception)
            {
                // The host goes on to stop; what waits is on disk.
                provider.Failures.Report(new JournalFailure(JournalFailureKind.Temporary, $"Not everything was delivered before the end; it is by the next start. {exception.Message}", 0, exception));
            }
        }
    }
}
