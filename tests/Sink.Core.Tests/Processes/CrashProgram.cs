using System.Reflection;

namespace Sink.Core.Tests.Processes;

/// <summary>Where the build put the program of <c>tests/Crash</c>.</summary>
internal static class CrashProgram
{
    public static string Path { get; } = typeof(CrashProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static attribute => attribute.Key == "CrashProgram").Value!;
}
