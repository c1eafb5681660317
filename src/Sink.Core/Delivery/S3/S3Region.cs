using Amazon;
using Amazon.Runtime;

namespace Sink.Core.Delivery.S3;

/// <summary>Which region to speak to when a client's own search does not find it: the SDK looks at no profile but the default one.</summary>
internal static class S3Region
{
    /// <summary>The region of the options, <c>AWS_REGION</c>, the profile's, or the machine's; null when none of them tells.</summary>
    /// <param name="settings">How the destination is reached.</param>
    /// <param name="askMachine">Whether to ask the instance's metadata, which may take seconds where there is none.</param>
    public static RegionEndpoint? Find(S3Settings settings, bool askMachine)
    {
        if (settings.Region is { } region)
        {
            return RegionEndpoint.GetBySystemName(region);
        }

        if (settings.Profile is { } name
            && string.IsNullOrEmpty(Environment.GetEnvironmentVariable(EnvironmentVariableAWSRegion.ENVIRONMENT_VARIABLE_REGION))
            && S3Profiles.Find(name)?.Region is { } ofProfile)
        {
            return ofProfile;
        }

        return FallbackRegionFactory.GetRegionEndpoint(askMachine);
    }
}
