using System.Globalization;
using CsCheck;
using Sink.Core.Packing;

namespace Sink.Core.Tests.Options;

public class PartitionFormatTests
{
    private static readonly DateTime Morning = new(2026, 11, 22, 10, 15, 7, DateTimeKind.Utc);

    [Theory]
    [InlineData("")]
    [InlineData("en-US")]
    [InlineData("de-DE")]
    [InlineData("th-TH")]
    [InlineData("fa-IR")]
    [InlineData("ar-SA")]
    public void TheTextIsTheSameInEveryCulture(string culture)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo(culture);
            Assert.Equal("2026/11/22", Format("yyyy/MM/dd"));
            Assert.Equal("2026/Nov/Sunday/10:15:07", Format("yyyy/MMM/dddd/HH:mm:ss"));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("yyyy/MM/dd", "2026/11/22")]
    [InlineData("yyyyMMdd", "20261122")]
    [InlineData("'year='yyyy/'month='MM/\"day=\"dd", "year=2026/month=11/day=22")]
    [InlineData("yy-M-d-H-m-s", "26-11-22-10-15-7")]
    [InlineData("'logs'/yyyy", "logs/2026")]
    [InlineData("'größe'/yyyy", "größe/2026")]
    [InlineData("'%'yyyy", "%2026")]
    public void AFormatIsReadAsDotNetDoes(string format, string text)
    {
        Assert.Null(PartitionFormat.Validate(format));
        Assert.Equal(text, Format(format));
    }

    [Theory]
    [InlineData(null, "is empty")]
    [InlineData("", "is empty")]
    [InlineData("d", "standard formats")]
    [InlineData("year=yyyy", "'year='yyyy")]
    [InlineData("year=yyyy/month=MM/'x'dd", "'year='yyyy/'month='MM/'x'dd")]
    [InlineData("m=mm", "'m='mm")]
    [InlineData("dt=yyyy-MM-dd", "'dt='yyyy-MM-dd")]
    [InlineData("logs/yyyy", "'logs'/yyyy")]
    [InlineData("yyy/MM", "put it in quotes")]
    [InlineData("yyyy/ddddd", "put it in quotes")]
    [InlineData("yyyy/hh", "put it in quotes")]
    [InlineData("yyyy-MM-ddTHH", "'ddTHH'")]
    [InlineData("yyyy/MM/dd HH:mm:ss.fff", "put it in quotes")]
    [InlineData("yyyy/%d", "'%'")]
    [InlineData("yyyy/'unclosed", "without its end")]
    [InlineData("/yyyy", "empty segment")]
    [InlineData("yyyy/", "empty segment")]
    [InlineData("yyyy//MM", "empty segment")]
    [InlineData("yyyy'/'/MM", "empty segment")]
    [InlineData("yyyy/''/MM", "empty segment")]
    [InlineData("yyyy/../MM", "\"..\"")]
    [InlineData("yyyy/'.'/MM", "\".\"")]
    [InlineData("yyyy\\MM", "backslash")]
    [InlineData("'a\\'yyyy", "backslash")]
    [InlineData("yyyy\nMM", "control character")]
    [InlineData("'\u0001'yyyy", "control character")]
    [InlineData("  ", "is empty")]
    public void AFormatThatWouldSurpriseIsRefused(string? format, string message) =>
        Assert.Contains(message, PartitionFormat.Validate(format));

    [Fact]
    public void AnOverlongFormatIsRefused() =>
        Assert.NotNull(PartitionFormat.Validate("'" + new string('x', 127) + "'"));

    [Fact]
    public void HalfACharacterIsRefused() =>
        Assert.Contains("lone surrogate", PartitionFormat.Validate("yyyy'\ud83d'"));

    [Fact]
    public void TheDateIsThatOfTheZone()
    {
        long lateEvening = new DateTime(2026, 11, 22, 23, 30, 0).Ticks;
        Assert.Equal("2026/11/23", new PartitionFormat("yyyy/MM/dd", Zone("Europe/Berlin")).Format(lateEvening));
        Assert.Equal("2026/11/22", new PartitionFormat("yyyy/MM/dd", Zone("America/New_York")).Format(lateEvening));
    }

    [Fact]
    public void TheDateThatGoesBackInStJohnsIsFollowed()
    {
        // Until 2011 its clocks went back at 00:01, to 23:01 of the day before.
        var format = new PartitionFormat("yyyy/MM/dd", Zone("America/St_Johns"));
        Assert.Equal("2006/10/29", format.Format(new DateTime(2006, 10, 29, 2, 30, 30).Ticks));
        Assert.Equal("2006/10/28", format.Format(new DateTime(2006, 10, 29, 2, 31, 0).Ticks));
    }

    [Theory]
    [InlineData("yyyy/MM/dd", "UTC", 15 * 60)]
    [InlineData("yyyy/MM/dd/HH", "UTC", 15 * 60)]
    [InlineData("yyyy/MM/dd'm s'", "UTC", 15 * 60)]
    [InlineData("yyyy/MM/dd/HHmm", "UTC", 60)]
    [InlineData("yyyy/MM/dd/HHmmss", "UTC", 1)]
    [InlineData("yyyy/MM/dd/ss/mm", "UTC", 1)]
    [InlineData("yyyy/MM/dd", "Europe/Berlin", 60)]
    public void TheGranularityFollowsTheFinestUnit(string format, string zone, int seconds) =>
        Assert.Equal(seconds * TimeSpan.TicksPerSecond, new PartitionFormat(format, Zone(zone)).Granularity);

    [Fact]
    public void TheExtremesOfTimeDoNotThrow()
    {
        var format = new PartitionFormat("yyyy/MM/dd", Zone("Pacific/Auckland"));
        Assert.Equal("0001/01/01", format.Format(0));
        Assert.Equal("9999/12/31", format.Format(DateTime.MaxValue.Ticks));
    }

    [Fact]
    public void TheCacheNeverChangesTheText()
    {
        string[] formats = ["yyyy/MM/dd", "yyyy/MM/dd/HH", "HH/mm", "HH/mm/ss"];
        string[] zones = ["UTC", "Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns"];
        Gen.Select(Gen.OneOf(formats), Gen.OneOf(zones), Gen.Long[0, 20L * 365 * 24 * 3600].List[1, 20], Gen.Int[0, 900].Array[40])
            .Sample((text, zoneId, starts, steps) =>
            {
                TimeZoneInfo zone = Zone(zoneId);
                var format = new PartitionFormat(text, zone);
                for (int i = 0; i < steps.Length; i++)
                {
                    long ticks = new DateTime(2005, 1, 1).Ticks + ((starts[i % starts.Count] + steps[i]) * TimeSpan.TicksPerSecond);
                    string expected = TimeZoneInfo.ConvertTimeFromUtc(new DateTime(ticks, DateTimeKind.Utc), zone).ToString(text, CultureInfo.InvariantCulture);
                    Assert.Equal(expected, format.Format(ticks));
                }
            }, iter: 300);
    }

    [Fact]
    public void TimesOfOneIntervalCostNoAllocation()
    {
        var format = new PartitionFormat("yyyy/MM/dd", TimeZoneInfo.Utc);
        format.Format(Morning.Ticks);
        format.Format(Morning.Ticks + TimeSpan.TicksPerHour);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            format.Format(Morning.Ticks + i);
            format.Format(Morning.Ticks + TimeSpan.TicksPerHour + i);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static string Format(string format) => new PartitionFormat(format, TimeZoneInfo.Utc).Format(Morning.Ticks);

    private static TimeZoneInfo Zone(string id) => TimeZoneInfo.FindSystemTimeZoneById(id);
}
