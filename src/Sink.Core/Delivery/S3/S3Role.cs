using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using Sink.Core.Storage;

namespace Sink.Core.Delivery.S3;

/// <summary>A role, and the web identity token that opens it; without one, the caller's own keys do.</summary>
internal sealed record S3Role(string Arn, string SessionName, string? ExternalId, string? TokenFile)
{
    // STS takes 20,000 characters.
    private const int MostTokenBytes = 64 << 10;

    /// <summary>Asks STS for keys. The token is read anew each time: whoever gave it renews it in its file.</summary>
    /// <exception cref="S3CredentialsException">The token cannot be read.</exception>
    public async Task<Credentials> AssumeAsync(AmazonSecurityTokenServiceClient sts, CancellationToken cancellationToken)
    {
        if (TokenFile is null)
        {
            AssumeRoleRequest request = new() { RoleArn = Arn, RoleSessionName = SessionName, ExternalId = ExternalId };
            return (await sts.AssumeRoleAsync(request, cancellationToken).ConfigureAwait(false)).Credentials;
        }

        AssumeRoleWithWebIdentityRequest byToken = new() { RoleArn = Arn, RoleSessionName = SessionName, WebIdentityToken = ReadToken(TokenFile) };
        return (await sts.AssumeRoleWithWebIdentityAsync(byToken, cancellationToken).ConfigureAwait(false)).Credentials;
    }

    public static bool HasKeysInEnvironment => Variable("AWS_ACCESS_KEY_ID") is not null && (Variable("AWS_SECRET_ACCESS_KEY") ?? Variable("AWS_SECRET_KEY")) is not null;

    /// <summary>The role that the environment gives a pod (EKS sets these), or null. Keys in the environment come before it, as in the SDK's default chain.</summary>
    public static S3Role? OfEnvironment(string sessionName)
    {
        string? arn = Variable(AssumeRoleWithWebIdentityCredentials.RoleArnEnvVariable);
        string? file = Variable(AssumeRoleWithWebIdentityCredentials.WebIdentityTokenFileEnvVariable);
        return HasKeysInEnvironment || arn is null || file is null
            ? null
            : new S3Role(arn, Variable(AssumeRoleWithWebIdentityCredentials.RoleSessionNameEnvVariable) ?? sessionName, null, file);
    }

    private static string ReadToken(string path)
    {
        string cure = $"Put a web identity token into {path}, readable by this program.";
        try
        {
            string token = SmallFile.ReadText(path, MostTokenBytes).Trim();
            return token.Length > 0 ? token : throw new S3CredentialsException($"{path} is empty", cure, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new S3CredentialsException($"the web identity token cannot be read: {e.Message}", cure, e);
        }
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
