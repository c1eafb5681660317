using System.Globalization;
using Sink.Core.Delivery;

namespace Sink.Core.Tests.Options;

public class ObjectKeyTests
{
    private static readonly ObjectKeyParts Parts = new()
    {
        Stream = "orders/api",
        Partition = "2026/11/22",
        Time = 101500,
        Id = "web01",
        Epoch = "k3x9q2",
        Ordinal = 42,
        Suffix = "ndjson.zst",
    };

    [Fact]
    public void AKeyIsStreamDateAndAUniqueName() =>
        Assert.Equal("orders/api/2026/11/22/101500-web01-k3x9q2-000000000042.ndjson.zst", ObjectKey.Format(Parts));

    [Fact]
    public void TheShardComesFirst() =>
        Assert.Equal(
            "k/orders/api/2026/11/22/000007-web01-k3x9q2-000000000056.ndjson.zst",
            ObjectKey.Format(Parts with { Shards = 36, Ordinal = 56, Time = 7 }));

    [Theory]
    [InlineData(1, "0/")]
    [InlineData(10, "2/")]
    [InlineData(36, "6/")]
    public void AShardIsOneDigitOfTheOrdinal(int shards, string start) =>
        Assert.StartsWith(start, ObjectKey.Format(Parts with { Shards = shards }));

    [Fact]
    public void AKeyIsTheSameInEveryCulture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            string key = ObjectKey.Format(Parts);
            foreach (string culture in new[] { "de-DE", "th-TH", "fa-IR", "ar-SA" })
            {
                CultureInfo.CurrentCulture = new CultureInfo(culture);
                Assert.Equal(key, ObjectKey.Format(Parts));
                Assert.Equal(101507, ObjectKey.TimeOfDay(new DateTimeOffset(2026, 11, 22, 12, 15, 7, TimeSpan.FromHours(2))));
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void TheWholeKeyIsBounded()
    {
        int rest = ObjectKey.Format(Parts with { Partition = "p" }).Length - 1;
        Assert.Equal(823, ObjectKey.Format(Parts with { Partition = new string('p', 823 - rest) }).Length);
        JournalException tooLong = Assert.Throws<JournalException>(() => ObjectKey.Format(Parts with { Partition = "ö" + new string('p', 822 - rest) }));
        Assert.Contains("824 bytes", tooLong.Message);
    }

    [Fact]
    public void AnOrdinalBeyondTwelveDigitsIsAnError()
    {
        Assert.Contains("-999999999999.", ObjectKey.Format(Parts with { Ordinal = ObjectKey.MaxOrdinal }));
        Assert.Throws<JournalException>(() => ObjectKey.Format(Parts with { Ordinal = ObjectKey.MaxOrdinal + 1 }));
    }

    [Theory]
    [InlineData(0UL, "000000")]
    [InlineData(35UL, "00000z")]
    [InlineData(2176782335UL, "zzzzzz")]
    [InlineData(2176782336UL, "000000")]
    [InlineData(ulong.MaxValue, "64sgsf")]
    public void AnEpochIsSixBase36Digits(ulong epoch, string text)
    {
        Assert.Equal(text, EpochText.Format(epoch));
        Assert.True(EpochText.IsValid(text));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("00000")]
    [InlineData("00000Z")]
    [InlineData("00000\n")]
    public void AnythingElseIsNoEpoch(string? text) => Assert.False(EpochText.IsValid(text));
}
