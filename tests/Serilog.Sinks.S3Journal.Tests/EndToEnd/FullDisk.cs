using Microsoft.Extensions.Time.Testing;
using S3Journal.Proofs;
using Serilog.Core;
using Serilog.Sinks.S3Journal.Tests.Support;

namespace Serilog.Sinks.S3Journal.Tests.EndToEnd;

/// <summary>A real volume without space when the program starts.</summary>
[Collection(nameof(OfTheProcess))]
public sealed class FullDisk : IDisposable
{
    private readonly TestHome _home = new();
    private readonly Collector _fallback = new();

    [Fact]
    public async Task TheProgramStartsOnAFullVolumeItsEventsAreRefusedAndStoredOnceThereIsSpace()
    {
        FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
        using MountedVolume volume = MountedVolume.Tmpfs("size=64m");
        volume.Fill();
        await using (Logger logger = new LoggerConfiguration()
            .WriteTo.FallbackChain(
                wt => wt.S3Journal(o =>
                {
                    o.Destination = _home.Destination;
                    o.LocalDirectory = Path.Combine(volume.Path, "journal");
                    o.MinFreeDiskBytes = 0;
                    o.RingBytes = 1 << 20;
                    o.MaxEntryBytes = 64 << 10;
                    o.SegmentBytes = 1 << 20;
                    o.UseTimeProvider(time);
                }),
                wt => wt.Sink(_fallback))
            .CreateLogger())
        {
            logger.Information("refused {N}", 0);
            for (int i = 1; i < 5; i++)
            {
                time.Advance(TimeSpan.FromMinutes(1));
                logger.Information("refused {N}", i);
            }

            Assert.Equal(5, _fallback.Events.Count);
            volume.Empty();
            time.Advance(TimeSpan.FromMinutes(1));
            for (int i = 0; i < 10; i++)
            {
                logger.Information("stored {N}", i);
            }
        }

        Assert.Equal(Enumerable.Repeat("stored {N}", 10), await _home.ReadTemplatesAsync());
        Assert.Equal(5, _fallback.Events.Count);
    }

    public void Dispose() => _home.Dispose();
}
