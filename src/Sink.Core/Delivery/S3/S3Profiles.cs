using Amazon;
using Amazon.Runtime.CredentialManagement;

namespace Sink.Core.Delivery.S3;

/// <summary>
/// Profiles of the shared AWS files. The SDK decides once in a process where these lie, and passes over an
/// <c>AWS_SHARED_CREDENTIALS_FILE</c> that is not there yet: then it must be told.
/// </summary>
internal static class S3Profiles
{
    /// <summary>The file that the SDK passed over, or null.</summary>
    public static string? MissedFile
    {
        get
        {
            string? file = Environment.GetEnvironmentVariable(SharedCredentialsFile.SharedCredentialsFileEnvVar);
            return string.IsNullOrEmpty(file) || file == SharedCredentialsFile.DefaultFilePath || !string.IsNullOrEmpty(AWSConfigs.AWSProfilesLocation) ? null : file;
        }
    }

    public static CredentialProfile? Find(string name) =>
        new CredentialProfileStoreChain(MissedFile).TryGetProfile(name, out CredentialProfile profile) ? profile : null;
}
