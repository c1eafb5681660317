using CsCheck;
using Sink.Core.Storage;
using Sink.Core.Tests.Fakes;

namespace Sink.Core.Tests.Delivery;

/// <summary>A put is repeated until it is answered; whatever ended the tries before, there is one object then, and it stays.</summary>
public class DirectoryStoreCrashTests
{
    private const string Metadata = "{\"version\":0,\"stream\":\"orders/api\"}";
    private static readonly byte[] Bytes = Enumerable.Range(0, 200_000).Select(i => (byte)(i * 17 / 5)).ToArray();

    [Theory]
    [InlineData(nameof(CrashMoment.Before))]
    [InlineData(nameof(CrashMoment.During))]
    [InlineData(nameof(CrashMoment.After))]
    public void ACrashAtAnyCallOfAPutIsHealedByTheNext(string name)
    {
        CrashMoment moment = Enum.Parse<CrashMoment>(name);
        bool crashed = true;
        for (int n = 1; crashed; n++)
        {
            for (int end = -3; end < 12; end++)
            {
                StoreFixture fixture = new();
                fixture.Disk.CrashAfterCall(n, moment);
                crashed = TryPut(fixture) is null;

                End(fixture, end);

                CheckAfterNextPut(fixture, $"{moment} call {n}, end {end}");
            }

            Assert.True(n < 100);
        }
    }

    [Fact]
    public void CrashesOneAfterTheOtherAreHealedByTheNextPut() =>
        Gen.Select(Gen.Int[1, 40], Gen.Enum<CrashMoment>(), Gen.Int[-3, 1000]).Array[1, 5].Sample(
            crashes =>
            {
                StoreFixture fixture = new();
                foreach ((int call, CrashMoment moment, int end) in crashes)
                {
                    fixture.Disk.CrashAfterCall(call, moment);
                    TryPut(fixture);
                    End(fixture, end);
                }

                CheckAfterNextPut(fixture, "");
            },
            iter: 300);

    // A site whose loss breaks nothing would only cost time.
    [Theory]
    [InlineData(nameof(SyncSite.StoredObject))]
    [InlineData(nameof(SyncSite.StoredMetadata))]
    [InlineData(nameof(SyncSite.StoredNames))]
    [InlineData(nameof(SyncSite.StoreDirectory))]
    public void WithoutAnyOneSyncAPowerLossBreaksThePromise(string name)
    {
        Assert.False(IsLostAfterStored(null));
        Assert.True(IsLostAfterStored(Enum.Parse<SyncSite>(name)));
    }

    private static bool IsLostAfterStored(SyncSite? ignored)
    {
        for (int end = -2; end < 20; end++)
        {
            StoreFixture fixture = new();
            if (ignored is { } site)
            {
                fixture.Disk.IgnoredSites.Add(site);
            }

            Assert.Equal(PutOutcome.Stored, TryPut(fixture));
            End(fixture, end);
            if (!IsWhole(fixture))
            {
                return true;
            }
        }

        return false;
    }

    private static PutOutcome? TryPut(StoreFixture fixture)
    {
        try
        {
            return fixture.Put(fixture.NewPut(Bytes, Metadata)).Outcome;
        }
        catch (SimulatedCrashException)
        {
            return null;
        }
    }

    private static void End(StoreFixture fixture, int end)
    {
        switch (end)
        {
            case -3:
                fixture.Disk.KillProcess();
                break;
            case -2:
                fixture.Disk.PowerLoss(PowerLossChoice.AllLost);
                break;
            case -1:
                fixture.Disk.PowerLoss(PowerLossChoice.AllKept);
                break;
            default:
                fixture.Disk.PowerLoss((ulong)end);
                break;
        }

        fixture.NewStore();
    }

    private static void CheckAfterNextPut(StoreFixture fixture, string story)
    {
        PutOutcome? outcome = TryPut(fixture);
        Assert.True(outcome is PutOutcome.Stored or PutOutcome.AlreadyThere, $"{story}: {outcome}");
        Assert.True(IsWhole(fixture), story);
        Assert.True(fixture.Disk.ListFiles().Count == 2, $"{story}: {string.Join(' ', fixture.Disk.ListFiles())}");

        // The answer was a promise: the local copy may be gone now.
        fixture.Disk.PowerLoss(PowerLossChoice.AllLost);
        fixture.NewStore();
        Assert.True(IsWhole(fixture), $"{story}: lost after it was answered");
    }

    private static bool IsWhole(StoreFixture fixture) =>
        fixture.List() is [var only]
        && only == new StoredObject(StoreFixture.Key, Bytes.Length, Metadata)
        && fixture.Get(StoreFixture.Key).AsSpan().SequenceEqual(Bytes);
}
