using Sink.Core.Storage;
using Sink.Core.Tests.Fakes;

namespace Sink.Core.Tests.Model;

/// <summary>Every sync earns its place: left out, some crash of one short life breaks a promise; with all of them, none does.</summary>
public class SyncSiteModelTests
{
    public static TheoryData<int> Sites => [.. Enum.GetValues<SyncSite>().Select(static site => (int)site)];

    [Fact]
    public void WithEverySyncInItsPlaceNoCrashBreaksAPromise()
    {
        CrashPoints.Check(Scripts.ShortLife);
        CrashPoints.Check(Scripts.KilledInACheckpoint);
    }

    [Theory]
    [MemberData(nameof(Sites))]
    public void EverySyncIsNeeded(int site)
    {
        string? broken = null;
        try
        {
            CrashPoints.Check(Scripts.ShortLife, 1, (SyncSite)site);
            CrashPoints.Check(Scripts.KilledInACheckpoint, 1, (SyncSite)site);
        }
        catch (Exception exception) when (exception is BrokenPromiseException or UnsafeMappingException)
        {
            broken = exception.Message;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{(SyncSite)site}: {broken}");
        Assert.True(broken is not null, $"Without the sync of {(SyncSite)site} nothing breaks: it is not needed, or no scenario shows why.");
    }
}
