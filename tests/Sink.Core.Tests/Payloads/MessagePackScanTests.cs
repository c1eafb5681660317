using Sink.Core.Payloads;

namespace Sink.Core.Tests.Payloads;

public class MessagePackScanTests
{
    // One of each type of the specification, with what its head counts.
    [Theory]
    [InlineData("7f")]
    [InlineData("82" + "01a161" + "02c0")]
    [InlineData("92" + "01" + "9102")]
    [InlineData("a3616263")]
    [InlineData("c0")]
    [InlineData("c2")]
    [InlineData("c3")]
    [InlineData("c403010203")]
    [InlineData("c5000301c1ff")]
    [InlineData("c600000003010203")]
    [InlineData("c70205c1c1")]
    [InlineData("c8000205c1c1")]
    [InlineData("c90000000205c1c1")]
    [InlineData("ca3f800000")]
    [InlineData("cb3ff0000000000000")]
    [InlineData("ccff")]
    [InlineData("cdffff")]
    [InlineData("ceffffffff")]
    [InlineData("cfffffffffffffffff")]
    [InlineData("d0ff")]
    [InlineData("d1ffff")]
    [InlineData("d2ffffffff")]
    [InlineData("d3ffffffffffffffff")]
    [InlineData("d40501")]
    [InlineData("d5050101")]
    [InlineData("d60501010101")]
    [InlineData("d7050101010101010101")]
    [InlineData("d80501010101010101010101010101010101")]
    [InlineData("d903616263")]
    [InlineData("da0003616263")]
    [InlineData("db00000003616263")]
    [InlineData("dc0002" + "01" + "dc0000")]
    [InlineData("dd00000002" + "0102")]
    [InlineData("de0001" + "01" + "de0000")]
    [InlineData("df00000001" + "01" + "90")]
    [InlineData("e0")]
    public void AValueEndsWhereItsTypeSays(string hex)
    {
        byte[] value = Convert.FromHexString(hex);

        Assert.Equal(value.Length, MessagePackScan.LengthOfValue([.. value, 0xC1, 0xC1]));
        for (int length = 0; length < value.Length; length++)
        {
            Assert.Equal(0, MessagePackScan.LengthOfValue(value.AsSpan(0, length)));
        }
    }

    [Fact]
    public void NeitherDepthNorAPromiseOfBillionsCostsMoreThanTheBytes()
    {
        byte[] deep = [.. Enumerable.Repeat((byte)0x91, 1_000_000), 0xC0];
        byte[] promises = [.. Enumerable.Range(0, 200_000).SelectMany(static _ => (byte[])[0xDF, 0xFF, 0xFF, 0xFF, 0xFF])];

        Assert.Equal(deep.Length, MessagePackScan.LengthOfValue(deep));
        Assert.Equal(0, MessagePackScan.LengthOfValue(promises));
    }

    [Fact]
    public void AByteThatIsNeverUsedIsDamage() => Assert.Throws<InvalidDataException>(static () => MessagePackScan.LengthOfValue([0x92, 0x01, 0xC1]));
}
