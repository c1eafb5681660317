using System.Text;
using CsCheck;
using Sink.Core.Delivery;

namespace Sink.Core.Tests.Options;

public class Blake2b16Tests
{
    [Theory]
    [InlineData("", "cae66941d9efbd404e4d88758ea67670")]
    [InlineData("abc", "cf4ab791c62b8d2b2109c90275287816")]
    [InlineData("hello\n", "ea41b4de6c03f13a95758b28dd75693e")]
    [InlineData("Wake up.\nEat. Mmm.\nHappy hour.\nSleep.\n", "70373dec2de49d566fc1e34bacca7561")]
    public void ItIsBlake2bWithADigestOf16Bytes(string text, string hex) =>
        Assert.Equal(hex, Blake2b16.HashHex(Encoding.ASCII.GetBytes(text)));

    // Python: hashlib.blake2b(bytes((i * 7) & 255 for i in range(n)), digest_size=16); the block is 128 bytes.
    [Theory]
    [InlineData(127, "40efb3ed1b6eb973c5f774422adb0230")]
    [InlineData(128, "06e5bcee475a6bf6d9b8a07c6f4ae80a")]
    [InlineData(129, "2ec7e7bf8a8265ffd68aadd70ecd2b7e")]
    [InlineData(255, "b4b6fa7ac93abe0503b7ac802593eadd")]
    [InlineData(256, "dbb08d79105462394550aa4d4e10133f")]
    [InlineData(257, "6510946411e0caf5e4de75adf990b58d")]
    [InlineData(1000, "8095a6f38992fefe1c12ac8ec5e70791")]
    public void TheEdgesOfABlockAreRight(int length, string hex) =>
        Assert.Equal(hex, Blake2b16.HashHex(Enumerable.Range(0, length).Select(i => (byte)(i * 7)).ToArray()));

    [Fact]
    public void PiecesHashAsTheirWhole()
    {
        using var hash = new Blake2b16();
        Gen.Byte.Array[0, 300].List[0, 8].Sample(
            pieces =>
            {
                foreach (byte[] piece in pieces)
                {
                    // With bytes around, so that offset and count matter.
                    hash.Append([1, .. piece, 2], 1, piece.Length);
                }

                Assert.Equal(Blake2b16.HashHex(pieces.SelectMany(p => p).ToArray()), hash.FinishHex());
            },
            iter: 500,
            threads: 1);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("cae66941d9efbd404e4d88758ea6767")]
    [InlineData("CAE66941d9efbd404e4d88758ea67670")]
    [InlineData("cae66941d9efbd404e4d88758ea67670\n")]
    public void AnythingElseIsNoHash(string? text) => Assert.False(Blake2b16.IsHex(text));
}
