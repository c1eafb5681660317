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
        Assert.Equal(path, destination!.DirectoryPath);
        Assert.Null(destination.Bucket);
        Assert.Equal(text.Trim(), destination.Location);
    }

    [Theory]
    [InlineData("s3://my-logs", "my-logs", "", "s3://my-logs")]
    [InlineData("S3://my-logs/", "my-logs", "", "s3://my-logs")]
    [InlineData("s3://my.logs_2/app/eu/", "my.logs_2", "app/eu", "s3://my.logs_2/app/eu")]
    [InlineData(" s3://logs/a b%20c=größe ", "logs", "a b%20c=größe", "s3://logs/a b%20c=größe")]
    public void AnS3UriNamesItsBucketAndPrefix(string text, string bucket, string prefix, string location)
    {
        Destination? destination = Destination.Parse(text, out string error);

        Assert.Equal("", error);
        Assert.Equal((bucket, prefix, location), (destination!.Bucket, destination.Prefix, destination.Location));
        Assert.Null(destination.DirectoryPath);
    }

    [Fact]
    public void TheQueryOfAnS3UriHoldsOptions()
    {
        Destination? destination = Destination.Parse("s3://logs/app/?Region=eu-west-1&endpoint=http://localhost:9000/&KMSKEYID=alias%2Fa+b%26c", out string error);

        Assert.Equal("", error);
        Assert.Equal(("logs", "app", "s3://logs/app"), (destination!.Bucket, destination.Prefix, destination.Location));
        Assert.Equal(
            [KeyValuePair.Create("Region", "eu-west-1"), KeyValuePair.Create("Endpoint", "http://localhost:9000/"), KeyValuePair.Create("KmsKeyId", "alias/a+b&c")],
            destination.Query);
        Assert.Empty(Destination.Parse("s3://logs?", out _)!.Query);
    }

    [Fact]
    public void APrefixLeavesRoomForTheKey()
    {
        Assert.NotNull(Destination.Parse("s3://logs/" + new string('p', 200), out _));
        Assert.Null(Destination.Parse("s3://logs/ö" + new string('p', 199), out string error));
        Assert.Contains("200 bytes", error);
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
    [InlineData("s3:bucket", "two slashes")]
    [InlineData("s3://", "names no bucket")]
    [InlineData("s3:///prefix", "names no bucket")]
    [InlineData("s3://ab", "3 to 63")]
    [InlineData("s3://-logs", "names no bucket")]
    [InlineData("s3://my logs", "names no bucket")]
    [InlineData("s3://host:9000/logs", "S3.Endpoint")]
    [InlineData("s3://logs/a//b", "empty part")]
    [InlineData("s3://logs/a/../b", "\"..\"")]
    [InlineData("s3://logs/a#b", "fragment")]
    [InlineData("s3://logs/a?regoin=eu-west-1", "an option \"regoin\" in its query that is not known there; write region, endpoint,")]
    [InlineData("s3://logs/a?region", "not known there")]
    [InlineData("s3://logs?region=a&REGION=b", "region twice")]
    [InlineData("s3://logs?region=", "region in its query with a value")]
    [InlineData("s3://logs?forcePathStyle=yes", "true or false")]
    [InlineData("s3://logs?requestTimeout=30s", "00:00:30")]
    [InlineData("s3://logs?multipartPartBytes=8MiB", "number of bytes")]
    [InlineData("s3://logs?requestChecksum=1", "WhenRequired or Always")]
    [InlineData("s3://logs?endpoint=http://h#x", "fragment")]
    [InlineData(@"s3://logs/a\b", "backslash")]
    [InlineData("s3://logs/a\nb", "control character")]
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
    [InlineData("s3://user:secret@bucket?region=eu-west-1")]
    [InlineData("s3://bucket/logs?accessKeyId=AKIA&secretAccessKey=secret")]
    [InlineData("s3://bucket?sessionToken=secret")]
    [InlineData("s3://bucket?SECRET_access-key=secret")]
    [InlineData("s3://bucket?X-Amz-Signature=secret")]
    [InlineData("s3://bucket?%73ecret=secret")]
    [InlineData("s3://bucket?secret")]
    [InlineData("s3://bucket?region=eu-west-1&secret&region=")]
    [InlineData("s3://bucket?key=secret")]
    [InlineData("s3://bucket?requestTimeout=secret")]
    public void AMessageNeverRepeatsASecret(string text)
    {
        Assert.Null(Destination.Parse(text, out string error));
        Assert.NotEqual("", error);
        Assert.DoesNotContain("secret", error);
    }
}
