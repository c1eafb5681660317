using Amazon.Extensions.NETCore.Setup;
using Amazon.S3;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Sink.Core;

namespace Microsoft.Extensions.Logging.S3Journal.Registration;

/// <summary>
/// The <see cref="IAmazonS3"/> that a container has, or one made of its <see cref="AWSOptions"/>, for an <c>s3://</c> destination whose options do not say how it is reached.
/// One that was made here is disposed here.
/// </summary>
internal sealed class ContainerS3Client : IDisposable
{
    [ThreadStatic]
    private static bool _isAsking;

    private readonly IAmazonS3? _made;

    private ContainerS3Client(IAmazonS3? made) => _made = made;

    public static ContainerS3Client None { get; } = new(made: null);

    /// <exception cref="Exception">What the client's own making throws, as when no region is known: a fault of the environment, and asked again later.</exception>
    public static ContainerS3Client For(JournalOptions options, IServiceProvider? services)
    {
        if (services is null || options.Destination?.StartsWith("s3:", StringComparison.OrdinalIgnoreCase) != true)
        {
            return None;
        }

        IAmazonS3? made = null;
        options.TryUseS3Client(() => Ask(services, out bool needsLogging) ?? (made = AwsOptionsOf(services, needsLogging)?.CreateServiceClient<IAmazonS3>()));
        return made is null ? None : new ContainerS3Client(made);
    }

    /// <summary>Called by whatever the container makes for logging: a client that needs it to be made would be asked for without end.</summary>
    public static void RefuseWhileAsking()
    {
        if (_isAsking)
        {
            throw new LoggingNotReadyException();
        }
    }

    public void Dispose() => _made?.Dispose();

    // Now and not at the first delivery: the container disposes what was made first last, and the provider delivers until its own end.
    private static IAmazonS3? Ask(IServiceProvider services, out bool needsLogging)
    {
        needsLogging = false;
        _isAsking = true;
        try
        {
            return services.GetService<IAmazonS3>();
        }
        catch (LoggingNotReadyException)
        {
            needsLogging = true;
            return null;
        }
        finally
        {
            _isAsking = false;
        }
    }

    /// <param name="services">The container.</param>
    /// <param name="asRegistered">A client is registered that could not be made: <c>AddAWSService</c>'s, which logs its own making. Ours is then made of what it would be made of.</param>
    private static AWSOptions? AwsOptionsOf(IServiceProvider services, bool asRegistered)
        => services.GetService<AWSOptions>() ?? (asRegistered ? services.GetService<IConfiguration>()?.GetAWSOptions() ?? new AWSOptions() : null);

    private sealed class LoggingNotReadyException() : InvalidOperationException("The S3 client needs a logger to be made, and is needed to make one. Give the client by UseS3Client.");
}
