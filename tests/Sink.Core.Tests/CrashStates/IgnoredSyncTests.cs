using Sink.Core.Storage;
using Sink.Core.Tests.Fakes;
using Sink.Core.Tests.Model;

namespace Sink.Core.Tests.CrashStates;

/// <summary>Every sync earns its place: left out, some state that a crash leaves breaks a promise; with all of them, none does.</summary>
public class IgnoredSyncTests
{
    public static TheoryData<int> Sites => [.. Enum.GetValues<SyncSite>().Select(static site => (int)site)];

    [Theory]
    [MemberData(nameof(Sites))]
    public void EverySyncIsNeeded(int site)
    {
        CrashStateRun run = new(Compression.None, seed: 1, secondCrashShare: 16, secondCrashesOfAKill: 16, (SyncSite)site);
        string? broken = null;
        try
        {
            for (int length = 0; length <= 2; length++)
            {
                foreach (Operation[] sequence in CrashStateRun.AllSequences(length))
                {
                    run.Run(Operations.Young, sequence);
                    run.Run(Operations.Grown, sequence);
                }
            }
        }
        catch (Exception exception) when (exception is BrokenPromiseException or UnsafeMappingException)
        {
            broken = exception.Message;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{(SyncSite)site}, state {run.States}: {broken}");
        Assert.True(broken is not null, $"Without the sync of {(SyncSite)site} nothing breaks: it is not needed, or no state shows why.");
    }
}
