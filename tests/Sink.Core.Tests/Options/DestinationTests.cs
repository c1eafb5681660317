using Sink.Core.Options;

namespace Sink.Core.Tests.Options;

public class DestinationTests
{
    [Theory]
    [InlineData("file:///var/logs", "/var/logs")]
    [InlineData("file:///var/logs/", "/var/logs")]
    [InlineData("FILE:///var/logs", "/var/logs")]
    [InlineData("  file:///var/logs ", "/var/logs")]
    [InlineData("file:///var/my%20logs", "/var/my logs")]
    [InlineData("file:///var/50%25", "/var/50%")]
    [InlineData("file:///var/what%3Fthis%23", "/var/what?this#")]
    [InlineData("file:///var/gr%C3%B6%C3%9Fe", "/var/größe")]
    [InlineData("file:///var/größe", "/var/größe")]
    [InlineData("file:///var/x/../logs", "/var/logs")]
    public void AnAbsoluteFileUriNamesItsDirectory(string text, string path)
    {
        Destination? destination = Destination.Parse(text, out string error);

        Assert.Equal("", error);
        Assert.Equal("file", destination!.Scheme);
        Assert.Equal(path, destination.DirectoryPath);
        Assert.Equal(text.Trim(), destination.Location);
    }

    [Theory]
    [InlineData(null, "is required")]
    [InlineData("  ", "is required")]
    [InlineData("/var/logs", "write file:///var/logs")]
    [InlineData("/var/my logs", "write file:///var/my%20logs")]
    [InlineData(@"C:\logs", "write file:///C:/logs")]
    [InlineData("logs", "an absolute one")]
    [InlineData("file://var/logs", "as file:///var/logs")]
    [InlineData("file:var/logs", "as file:///var/logs")]
    [InlineData("file://./logs", "relative path")]
    [InlineData("file://localhost/var/logs", "names a host")]
    [InlineData("file:////server/share", "four slashes")]
    [InlineData("file:///", "root of the file system")]
    [InlineData("file:///var/logs?x=1", "%3F")]
    [InlineData("file:///var/logs#x", "%23")]
    [InlineData(@"file:///var\logs", "backslash")]
    [InlineData("file:///var/%00logs", "absolute path")]
    [InlineData("s3://bucket/prefix", "s3:// is not supported by this version")]
    [InlineData("https://bucket.example", "https:// is not a known kind")]
    public void AnythingElseIsRefusedWithWhatToWrite(string? text, string message)
    {
        Assert.Null(Destination.Parse(text, out string error));
        Assert.Contains(message, error);
    }

    [Theory]
    [InlineData("file://user:secret@host/var")]
    [InlineData("s3://user:secret@bucket")]
    [InlineData("https://user:secret@bucket")]
    [InlineData("file:///var/logs?token=secret")]
    public void AMessageNeverRepeatsASecret(string text)
    {
        Assert.Null(Destination.Parse(text, out string error));
        Assert.DoesNotContain("secret", error);
    }
}
