using System.Text.RegularExpressions;

namespace Sink.Core.Options;

/// <summary>Mistakes in the credentials of <see cref="S3Options"/>. What may be a secret is never repeated.</summary>
internal static partial class S3Checks
{
    private const string KeyId = "S3." + nameof(S3Options.AccessKeyId);
    private const string Secret = "S3." + nameof(S3Options.SecretAccessKey);
    private const string Token = "S3." + nameof(S3Options.SessionToken);
    private const string Profile = "S3." + nameof(S3Options.Profile);
    private const string RoleArn = "S3." + nameof(S3Options.RoleArn);
    private const string SessionName = "S3." + nameof(S3Options.RoleSessionName);
    private const string ExternalId = "S3." + nameof(S3Options.ExternalId);
    private const string TokenFile = "S3." + nameof(S3Options.WebIdentityTokenFile);

    public static void CheckCredentials(S3Options options, OptionChecks checks)
    {
        CheckBlank(options, checks);
        CheckKeys(options, checks);
        CheckRole(options, checks);

        string[] kinds =
        [
            .. options.AccessKeyId is null ? [] : new[] { KeyId },
            .. options.Profile is null ? [] : new[] { Profile },
            .. options.WebIdentityTokenFile is null ? [] : new[] { TokenFile },
        ];
        if (kinds.Length > 1)
        {
            checks.Add(kinds[0], $"stands beside {string.Join(" and ", kinds[1..])}; keep one kind of credentials");
        }
    }

    private static void CheckBlank(S3Options options, OptionChecks checks)
    {
        (string Name, string? Value)[] texts =
        [
            (KeyId, options.AccessKeyId), (Secret, options.SecretAccessKey), (Token, options.SessionToken), (Profile, options.Profile),
            (RoleArn, options.RoleArn), (SessionName, options.RoleSessionName), (ExternalId, options.ExternalId), (TokenFile, options.WebIdentityTokenFile),
        ];
        foreach ((string name, string? value) in texts)
        {
            if (value is null)
            {
                continue;
            }

            if (string.IsNullOrWhiteSpace(value))
            {
                checks.Add(name, "is empty; write it, or leave it out");
            }
            else if (value.Trim() != value)
            {
                checks.Add(name, "begins or ends with white space; take that away");
            }
        }
    }

    private static void CheckKeys(S3Options options, OptionChecks checks)
    {
        if (options.AccessKeyId is not null && options.SecretAccessKey is null)
        {
            checks.Add(KeyId, $"has no {Secret}; write both, or neither");
        }
        else if (options.AccessKeyId is null && options.SecretAccessKey is not null)
        {
            checks.Add(Secret, $"has no {KeyId}; write both, or neither");
        }

        if (options.SessionToken is not null && (options.AccessKeyId is null || options.SecretAccessKey is null))
        {
            checks.Add(Token, $"belongs to {KeyId} and {Secret}; write all three, or leave it out");
        }
    }

    private static void CheckRole(S3Options options, OptionChecks checks)
    {
        if (options.RoleArn is null)
        {
            NeedsRole(TokenFile, options.WebIdentityTokenFile);
            NeedsRole(ExternalId, options.ExternalId);
            NeedsRole(SessionName, options.RoleSessionName);
        }
        else if (!RoleForm().IsMatch(options.RoleArn))
        {
            checks.Add(RoleArn, "is not the name of a role; write it as arn:aws:iam::123456789012:role/name");
        }

        if (!string.IsNullOrWhiteSpace(options.RoleSessionName) && !SessionNameForm().IsMatch(options.RoleSessionName))
        {
            checks.Add(SessionName, "holds other characters than A-Z a-z 0-9 _ + = , . @ -, or not 2 to 64 of them");
        }

        if (!string.IsNullOrWhiteSpace(options.ExternalId) && !ExternalIdForm().IsMatch(options.ExternalId))
        {
            checks.Add(ExternalId, "holds other characters than A-Z a-z 0-9 _ + = , . @ : / -, or not 2 to 1,224 of them");
        }

        if (options.WebIdentityTokenFile is { } file)
        {
            if (!string.IsNullOrWhiteSpace(file) && (!Path.IsPathFullyQualified(file) || file.Contains('\0')))
            {
                checks.Add(TokenFile, "is not an absolute path; write one");
            }

            if (options.RoleArn is not null && options.ExternalId is not null)
            {
                checks.Add(ExternalId, $"is not asked for by roles that {TokenFile} opens; leave it out");
            }
        }

        void NeedsRole(string name, string? value)
        {
            if (value is not null)
            {
                checks.Add(name, $"has no {RoleArn}; write the role too, or leave it out");
            }
        }
    }

    // Other servers than Amazon's leave the account out, or name a tenant there.
    [GeneratedRegex(@"\Aarn:[A-Za-z0-9-]+:iam:[A-Za-z0-9-]*:[A-Za-z0-9_-]*:role/[\x21-\x7E]{1,512}\z")]
    private static partial Regex RoleForm();

    // These two: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
    [GeneratedRegex(@"\A[A-Za-z0-9_+=,.@-]{2,64}\z")]
    private static partial Regex SessionNameForm();

    [GeneratedRegex(@"\A[A-Za-z0-9_+=,.@:/-]{2,1224}\z")]
    private static partial Regex ExternalIdForm();
}
