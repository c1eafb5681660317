using FASTER.core;

namespace Benchmarks.Peers;

/// <summary>
/// A FasterLog as its users set it up on Linux: the device of <c>Devices.CreateLogDevice</c>, whose files are opened with
/// O_SYNC, so that a completed write is on the disk; as much memory as our ring has.
/// </summary>
internal sealed class FasterLogPeer : IDisposable
{
    private readonly IDevice _device;
    private readonly FasterLogSettings _settings;
    private readonly Thread _committer;
    private readonly AutoResetEvent? _awaited;
    private volatile bool _stop;

    /// <param name="directory">Of its files.</param>
    /// <param name="cadence">The committer's pause between two commits; null: it commits when somebody awaits one.</param>
    /// <param name="checksums">
    /// Whether entries have checksums, as ours do. With them its fast commits are possible, which need no file of their own each
    /// and so make more commits; without them an append is cheaper.
    /// </param>
    public FasterLogPeer(string directory, TimeSpan? cadence, bool checksums = true)
    {
        Directory.CreateDirectory(directory);
        _device = Devices.CreateLogDevice(Path.Join(directory, "log"), preallocateFile: true);
        _settings = new FasterLogSettings
        {
            LogDevice = _device,
            PageSizeBits = 22,
            MemorySizeBits = 24,
            LogChecksum = checksums ? LogChecksumType.PerEntry : LogChecksumType.None,
            FastCommitMode = checksums,
            TryRecoverLatest = false,
        };
        Log = new FasterLog(_settings);
        _awaited = cadence is null ? new AutoResetEvent(false) : null;
        _committer = new Thread(() => Commit(cadence)) { IsBackground = true, Name = "FasterLog's committer" };
        _committer.Start();
    }

    public FasterLog Log { get; }

    /// <summary>How often the durable watermark was seen to have moved.</summary>
    public long Commits { get; private set; }

    public async Task AppendDurableAsync(byte[] payload)
    {
        long end = Log.Enqueue(payload) + 1;
        _awaited!.Set();
        await Log.WaitForCommitAsync(end).ConfigureAwait(false);
    }

    /// <summary>Ends the committer and makes durable what it left.</summary>
    public void CommitAll()
    {
        _stop = true;
        _awaited?.Set();
        _committer.Join();
        Log.Commit(spinWait: true);
    }

    public void Dispose()
    {
        if (!_stop)
        {
            CommitAll();
        }

        Log.Dispose();
        _device.Dispose();
        _settings.Dispose();
        _awaited?.Dispose();
    }

    private void Commit(TimeSpan? cadence)
    {
        long durable = Log.CommittedUntilAddress;
        while (!_stop)
        {
            if (cadence is { } pause)
            {
                // Not waiting for each commit to end made more of them, and more entries, than waiting did.
                Thread.Sleep(pause);
                Log.Commit();
            }
            else
            {
                _awaited!.WaitOne();
                Log.CommitAsync().AsTask().Wait();
            }

            if (Log.CommittedUntilAddress != durable)
            {
                durable = Log.CommittedUntilAddress;
                Commits++;
            }
        }
    }
}
