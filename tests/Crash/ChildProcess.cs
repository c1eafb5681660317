using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Crash;

/// <summary>A process that logs, from its parent's side. Whatever it says goes into the ledger.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;
    private readonly Ledger _ledger;
    private readonly int _life;
    private readonly long[] _acknowledged = new long[Shape.Threads];

    private ChildProcess(Process process, Ledger ledger, int life)
    {
        _process = process;
        _ledger = ledger;
        _life = life;
    }

    /// <summary>Entries it has acknowledged, as far as was read.</summary>
    public long Acknowledged { get; private set; }

    /// <summary>It said that it is about to open the journal.</summary>
    public bool IsOpening { get; private set; }

    /// <summary>The lane it opened; null before.</summary>
    public int? Lane { get; private set; }

    public bool HasClosed { get; private set; }

    /// <param name="program">The path of this program's assembly.</param>
    /// <param name="place">Where it logs.</param>
    /// <param name="seed">What it writes.</param>
    /// <param name="life">Its number, which no other has in that place.</param>
    /// <param name="ledger">Takes its acknowledgements.</param>
    /// <param name="isHeld">It shall deliver nothing of its own accord.</param>
    public static ChildProcess Start(string program, RunPlace place, int seed, int life, Ledger ledger, bool isHeld = false)
    {
        // The runtime that runs this process, wherever it is installed.
        string dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
        ProcessStartInfo start = new(dotnet) { RedirectStandardInput = true, RedirectStandardOutput = true };
        string[] arguments = [program, "--life", $"{life.ToString(CultureInfo.InvariantCulture)}", "--seed", $"{seed.ToString(CultureInfo.InvariantCulture)}", "--directory", place.Root, .. isHeld ? (string[])["--held"] : []];
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return new ChildProcess(Process.Start(start)!, ledger, life);
    }

    /// <summary>Reads lines until a state is reached; false when the process ended before.</summary>
    public async Task<bool> ReadUntilAsync(Func<ChildProcess, bool> isReached)
    {
        while (!isReached(this))
        {
            if (await _process.StandardOutput.ReadLineAsync() is not { } line)
            {
                return false;
            }

            Read(line);
        }

        return true;
    }

    /// <summary>Kills it, and reads what is still in the pipe: that was acknowledged too.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await EndAsync();
    }

    /// <summary>Lets it close its journal and end.</summary>
    public async Task CloseAsync()
    {
        _process.StandardInput.Close();
        await EndAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private async Task EndAsync()
    {
        await ReadUntilAsync(static _ => false);
        await _process.WaitForExitAsync();
    }

    private void Read(string line)
    {
        if (Acknowledgement.TryRead(line, out int thread, out long number))
        {
            Acknowledged += number - _acknowledged[thread];
            _acknowledged[thread] = number;
            _ledger.Acknowledge(_life, thread, number);
        }
        else if (line.StartsWith(CrashChild.Failed, StringComparison.Ordinal))
        {
            _ledger.Break($"life {_life} {line}");
        }
        else if (line.StartsWith(CrashChild.Opened, StringComparison.Ordinal) && int.TryParse(line.AsSpan(CrashChild.Opened.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int lane))
        {
            Lane = lane;
        }
        else
        {
            IsOpening |= line == CrashChild.Opening;
            HasClosed |= line == CrashChild.Closed;
        }
    }
}
