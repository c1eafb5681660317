using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Pipes;

namespace Sink.Core.Tests.RealDisks;

/// <summary>A process that writes a journal (DiskWriter) and tells of each entry. A store to a mapped page of a dead disk is a SIGBUS: nothing for the tests' own process.</summary>
internal sealed class CutWriter : IDisposable
{
    private readonly AnonymousPipeServerStream _pipe = new(PipeDirection.In, HandleInheritability.Inheritable);
    private readonly Process _process;
    private readonly Task<string> _errors;

    private CutWriter(string directory, int cycle, int seed)
    {
        ProcessStartInfo start = StartInfo("write", directory, $"{cycle}", $"{seed}", _pipe.GetClientHandleAsString());
        _process = Process.Start(start)!;
        _pipe.DisposeLocalCopyOfClientHandle();
        _errors = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Entries it told of.</summary>
    public int Appended { get; private set; }

    /// <summary>The newest entry that it told to be synced; -1 for none.</summary>
    public int Synced { get; private set; } = -1;

    public bool HasOpened { get; private set; }

    public static CutWriter Start(string directory, int cycle, int seed) => new(directory, cycle, seed);

    public static void Drain(string directory)
    {
        using Process process = Process.Start(StartInfo("drain", directory))!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors);
    }

    /// <summary>Reads so many messages; the first says that it is about to open, the second that it has.</summary>
    public void Read(int messages)
    {
        for (int i = 0; i < messages; i++)
        {
            if (!TryRead())
            {
                Assert.Fail($"The writer ended by itself: {_errors.Result}");
            }
        }
    }

    /// <summary>Kills it and reads what it had told until then.</summary>
    public void End()
    {
        _process.Kill();
        while (TryRead())
        {
        }

        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
        _pipe.Dispose();
    }

    private static ProcessStartInfo StartInfo(params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet") { RedirectStandardError = true };
        start.ArgumentList.Add(typeof(DiskWriter.Workload).Assembly.Location);
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // A core of each process that dies by a signal would take longer than the test.
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        start.Environment["DOTNET_TieredPGO"] = "0";
        return start;
    }

    private bool TryRead()
    {
        byte[] message = new byte[5];
        if (_pipe.ReadAtLeast(message, message.Length, throwOnEndOfStream: false) < message.Length)
        {
            return false;
        }

        int n = BinaryPrimitives.ReadInt32LittleEndian(message);
        HasOpened |= n == -2;
        if (n >= 0)
        {
            Assert.Equal(Appended, n);
            Appended++;
            Synced = message[4] == 1 ? n : Synced;
        }

        return true;
    }
}
