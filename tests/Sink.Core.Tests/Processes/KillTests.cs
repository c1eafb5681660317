using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using S3Journal.Proofs;

namespace Sink.Core.Tests.Processes;

/// <summary>Real processes on a real file system, killed with SIGKILL one after the other: the program in <c>tests/Crash</c>.</summary>
public sealed class KillTests : IDisposable
{
    private const string FiguresLine = "figures\t";

    // Beside the tests: the temporary directory may lie in memory.
    private readonly DirectoryInfo _root = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, $"kills-{Guid.NewGuid():N}"));

    [Fact]
    [Trait(LongForm.Trait, LongForm.Yes)]
    public async Task WhateverAProcessDoesWhenItIsKilledEachAcknowledgedEntryArrivesOnce()
    {
        ProcessStartInfo start = new(Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"))) { RedirectStandardOutput = true };
        foreach (string argument in (string[])[CrashProgram.Path, "--cycles", Text(LongForm.Count(200, 5000)), "--seed", Text(LongForm.Seed), "--directory", _root.FullName])
        {
            start.ArgumentList.Add(argument);
        }

        using Process run = Process.Start(start)!;
        string output = await run.StandardOutput.ReadToEndAsync();
        await run.WaitForExitAsync();
        TestContext.Current.TestOutputHelper?.WriteLine(output);
        Assert.True(run.ExitCode == 0, $"Code {run.ExitCode}: {output}");

        string[] figures = output.Split('\n').Single(static line => line.StartsWith(FiguresLine, StringComparison.Ordinal)).TrimEnd().Split('\t')[1..];
        Figures.Report("kill -9", [.. figures.Chunk(2).Select(static pair => (pair[0], Value(pair[1]))), ("seed", Text(LongForm.Seed))]);
    }

    public void Dispose()
    {
        // What a run leaves is there to be looked at.
        if (_root.GetFileSystemInfos().Length == 0)
        {
            _root.Delete();
        }
    }

    private static object Value(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : text;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
