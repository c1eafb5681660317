using Sink.Core.Options;

namespace Sink.Core.Tests.Options;

public class S3ChecksTests
{
    private const string Role = "arn:aws:iam::123456789012:role/journal";

    public static TheoryData<string, S3Options> Sound => new()
    {
        { "nothing", new S3Options() },
        { "keys", new S3Options { AccessKeyId = "AKIA1", SecretAccessKey = "s" } },
        { "session keys", new S3Options { AccessKeyId = "ASIA1", SecretAccessKey = "s", SessionToken = "t" } },
        { "a profile", new S3Options { Profile = "billing" } },
        { "a role by the chain", new S3Options { RoleArn = Role } },
        { "a role by keys", new S3Options { RoleArn = Role, AccessKeyId = "AKIA1", SecretAccessKey = "s", ExternalId = "a:b/c", RoleSessionName = "web-01@eu" } },
        { "a role by a profile", new S3Options { RoleArn = Role, Profile = "billing" } },
        { "a role by a token", new S3Options { RoleArn = Role, WebIdentityTokenFile = Path.GetFullPath("token") } },
        { "a role with a path", new S3Options { RoleArn = "arn:aws-cn:iam::123456789012:role/apps/eu/journal" } },
        { "a role of Ceph's", new S3Options { RoleArn = "arn:aws:iam::tenant:role/journal" } },
        { "a role of MinIO's", new S3Options { RoleArn = "arn:minio:iam:::role/idp-journal" } },
    };

    public static TheoryData<string, S3Options> Mistaken => new()
    {
        { "S3.AccessKeyId", new S3Options { AccessKeyId = "AKIA1" } },
        { "S3.SecretAccessKey", new S3Options { SecretAccessKey = "hidden" } },
        { "S3.SessionToken", new S3Options { SessionToken = "hidden" } },
        { "S3.SessionToken", new S3Options { SessionToken = "hidden", Profile = "billing" } },
        { "S3.AccessKeyId", new S3Options { AccessKeyId = "AKIA1", SecretAccessKey = "hidden", Profile = "billing" } },
        { "S3.AccessKeyId", new S3Options { AccessKeyId = "AKIA1", SecretAccessKey = "hidden", RoleArn = Role, WebIdentityTokenFile = Path.GetFullPath("token") } },
        { "S3.Profile", new S3Options { Profile = "billing", RoleArn = Role, WebIdentityTokenFile = Path.GetFullPath("token") } },
        { "S3.WebIdentityTokenFile", new S3Options { WebIdentityTokenFile = Path.GetFullPath("token") } },
        { "S3.WebIdentityTokenFile", new S3Options { RoleArn = Role, WebIdentityTokenFile = "token" } },
        { "S3.ExternalId", new S3Options { ExternalId = "abc" } },
        { "S3.ExternalId", new S3Options { RoleArn = Role, ExternalId = "a b" } },
        { "S3.ExternalId", new S3Options { RoleArn = Role, ExternalId = "abc", WebIdentityTokenFile = Path.GetFullPath("token") } },
        { "S3.RoleSessionName", new S3Options { RoleSessionName = "web01" } },
        { "S3.RoleSessionName", new S3Options { RoleArn = Role, RoleSessionName = "x" } },
        { "S3.RoleSessionName", new S3Options { RoleArn = Role, RoleSessionName = "web 01" } },
        { "S3.RoleSessionName", new S3Options { RoleArn = Role, RoleSessionName = "wéb" } },
        { "S3.RoleSessionName", new S3Options { RoleArn = Role, RoleSessionName = new string('x', 65) } },
        { "S3.RoleArn", new S3Options { RoleArn = "journal" } },
        { "S3.RoleArn", new S3Options { RoleArn = "arn:aws:iam::123456789012:user/journal" } },
        { "S3.RoleArn", new S3Options { RoleArn = Role + "\n" } },
        { "S3.Profile", new S3Options { Profile = " " } },
        { "S3.SecretAccessKey", new S3Options { AccessKeyId = "AKIA1", SecretAccessKey = "hidden\n" } },
    };

    [Theory]
    [MemberData(nameof(Sound))]
    public void EachKindOfCredentialsIsTaken(string what, S3Options options) => Assert.True(Mistakes(options).Length == 0, what);

    [Theory]
    [MemberData(nameof(Mistaken))]
    public void AMistakeIsNamedAndNoSecretRepeated(string option, S3Options options)
    {
        string[] mistakes = Mistakes(options);

        Assert.All(mistakes, mistake => Assert.StartsWith($"- {option}: ", mistake));
        Assert.NotEmpty(mistakes);
        Assert.DoesNotContain("hidden", string.Concat(mistakes));
    }

    [Fact]
    public void AllMistakesAreListedAtOnce()
    {
        string[] mistakes = Mistakes(new S3Options { AccessKeyId = "AKIA1", Profile = "", ExternalId = "abc", SessionToken = "t" });

        Assert.Equal(
            ["S3.Profile", "S3.AccessKeyId", "S3.SessionToken", "S3.ExternalId", "S3.AccessKeyId"],
            mistakes.Select(mistake => mistake[2..mistake.IndexOf(':')]));
    }

    private static string[] Mistakes(S3Options options)
    {
        OptionChecks checks = new();
        S3Checks.CheckCredentials(options, checks);
        try
        {
            checks.ThrowIfAny();
            return [];
        }
        catch (JournalException e)
        {
            return e.Message.Split(Environment.NewLine)[1..];
        }
    }
}
