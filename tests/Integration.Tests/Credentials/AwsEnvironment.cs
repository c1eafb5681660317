using Amazon.Runtime;

namespace Integration.Tests.Credentials;

/// <summary>The tests here change variables of the process, and so run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AwsEnvironmentCollection
{
    public const string Name = "AWS environment";
}

/// <summary>The process's AWS variables as one test wants them: none but its own, a credentials file that is not there, and no instance metadata.</summary>
internal sealed class AwsEnvironment : IDisposable
{
    private readonly Dictionary<string, string?> _before = [];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("s3journal-aws-");

    public AwsEnvironment()
    {
        foreach (string name in Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(name => name.StartsWith("AWS_", StringComparison.Ordinal)).ToArray())
        {
            Set(name, null);
        }

        CredentialsFile = Path.Combine(_folder.FullName, "credentials");
        Set("AWS_SHARED_CREDENTIALS_FILE", CredentialsFile);
        Set("AWS_EC2_METADATA_DISABLED", "true");

        // The SDK keeps the first region that it finds, and even makes buckets there.
        FallbackRegionFactory.Reset();
    }

    public string CredentialsFile { get; }

    public string TokenFile => Path.Combine(_folder.FullName, "token");

    public void Set(string name, string? value)
    {
        _before.TryAdd(name, Environment.GetEnvironmentVariable(name));
        Environment.SetEnvironmentVariable(name, value);
    }

    /// <summary>As tools do it: a new file takes the old one's place.</summary>
    public void WriteProfile(string name, string keyId, string secret) => Replace(CredentialsFile, $"[{name}]\naws_access_key_id={keyId}\naws_secret_access_key={secret}\n");

    public void WriteToken(string token) => Replace(TokenFile, token + "\n");

    public void Dispose()
    {
        foreach ((string name, string? value) in _before)
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        FallbackRegionFactory.Reset();
        _folder.Delete(recursive: true);
    }

    private static void Replace(string file, string text)
    {
        File.WriteAllText(file + ".new", text);
        File.Move(file + ".new", file, overwrite: true);
    }
}
