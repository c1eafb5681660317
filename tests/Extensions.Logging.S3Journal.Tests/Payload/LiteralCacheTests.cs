using System.Text;
using Microsoft.Extensions.Logging.S3Journal.Payload;

namespace Extensions.Logging.S3Journal.Tests.Payload;

public sealed class LiteralCacheTests
{
    [Theory]
    [InlineData("OrderId", "\"OrderId\":")]
    [InlineData("@odd \"näme\"", "\"@@odd \\\"näme\\\"\":")]
    [InlineData("", "\"\":")]
    public void ATextIsWrittenTheSameEachTime(string name, string expected)
    {
        LiteralCache names = new(static (name, output) => JsonEntryFormat.PropertyName(name, output));
        Utf8Buffer output = new();

        for (int time = 0; time < 4; time++)
        {
            output.Clear();
            names.Write(name, output);

            Assert.Equal(expected, Encoding.UTF8.GetString(output.Written));
        }
    }

    [Fact]
    public void ManyTextsThatShareSlotsAreNotMixedUp()
    {
        LiteralCache names = new(static (name, output) => JsonEntryFormat.PropertyName(name, output));
        Utf8Buffer output = new();
        string[] all = [.. Enumerable.Range(0, 2_000).Select(static number => $"name{number}")];

        foreach (string name in all.Concat(all).SelectMany(static name => Enumerable.Repeat(name, 3)))
        {
            output.Clear();
            names.Write(name, output);

            Assert.Equal($"\"{name}\":", Encoding.UTF8.GetString(output.Written));
        }
    }
}
