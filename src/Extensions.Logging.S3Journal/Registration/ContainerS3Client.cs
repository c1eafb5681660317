using Amazon.Extensions.NETCore.Setup;
using Amazon.S3;
using Microsoft.Extensions.DependencyInjection;
using Sink.Core;

namespace Microsoft.Extensions.Logging.S3Journal.Registration;

/// <summary>
/// The <see cref="IAmazonS3"/> that a container has, or one made of its <see cref="AWSOptions"/>, for an <c>s3://</c> destination whose options do not say how it is reached.
/// One that was made here is disposed here.
/// </summary>
internal sealed class ContainerS3Client : IDisposable
{
    private readonly IAmazonS3? _made;

    private ContainerS3Client(IAmazonS3? made) => _made = made;

    public static ContainerS3Client None { get; } = new(made: null);

    public static ContainerS3Client For(JournalOptions options, IServiceProvider? services)
    {
        if (services is null || options.Destination?.StartsWith("s3:", StringComparison.OrdinalIgnoreCase) != true)
        {
            return None;
        }

        if (services.GetService<IAmazonS3>() is { } client)
        {
            options.TryUseS3Client(client);
            return None;
        }

        if (services.GetService<AWSOptions>() is not { } aws)
        {
            return None;
        }

        IAmazonS3 made = aws.CreateServiceClient<IAmazonS3>();
        if (options.TryUseS3Client(made))
        {
            return new ContainerS3Client(made);
        }

        made.Dispose();
        return None;
    }

    public void Dispose() => _made?.Dispose();
}
