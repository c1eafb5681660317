using System.Collections.Concurrent;
using Amazon.Extensions.NETCore.Setup;
using Amazon.Runtime;
using Amazon.S3;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.S3Journal;
using Microsoft.Extensions.Time.Testing;
using Sink.Core;

namespace Extensions.Logging.S3Journal.Tests.EndToEnd;

/// <summary>How an <c>s3://</c> destination is reached when the container knows it and the options do not. What counts is who signed what the server got.</summary>
public sealed class ContainerClients : IDisposable
{
    private readonly TestHome _home = new();
    private readonly RecordingServer _server = new();
    private readonly ConcurrentQueue<JournalFailure> _failures = new();

    [Fact]
    public void TheContainersClientIsUsedAndDisposedAfterTheJournal()
    {
        HostApplicationBuilder builder = NewHost();
        builder.Services.AddSingleton<IAmazonS3>(_ => Client("CLIENTKEY"));

        Assert.Equal("CLIENTKEY eu-west-3 s3", SignerOf(builder));
    }

    [Fact]
    public void TheContainersAwsOptionsAreUsedWhenThereIsNoClient()
    {
        HostApplicationBuilder builder = NewHost();
        builder.Services.AddSingleton(AwsOptions("OPTIONSKEY"));

        Assert.Equal("OPTIONSKEY eu-west-3 s3", SignerOf(builder));
    }

    /// <summary>Its factory asks for a logger: asked for while the loggers are made, it would ask for itself without end.</summary>
    [Fact]
    public void AClientRegisteredAsTheSdkDoesItIsMadeOfTheSameOptions()
    {
        HostApplicationBuilder builder = NewHost();
        builder.Services.AddDefaultAWSOptions(AwsOptions("OPTIONSKEY"));
        builder.Services.AddAWSService<IAmazonS3>();

        Assert.Equal("OPTIONSKEY eu-west-3 s3", SignerOf(builder));
    }

    [Fact]
    public void ARegisteredJournalTakesTheContainersClientToo()
    {
        HostApplicationBuilder builder = TestHome.NewHost();
        builder.Services.AddS3Journal(options => Configure(options));
        builder.Logging.AddS3Journal();
        builder.Services.AddSingleton<IAmazonS3>(_ => Client("CLIENTKEY"));

        Assert.Equal("CLIENTKEY eu-west-3 s3", SignerOf(builder));
    }

    [Fact]
    public void OptionsThatSayHowTheServerIsReachedLeaveTheContainersAlone()
    {
        HostApplicationBuilder builder = NewHost(options =>
        {
            options.S3.Endpoint = _server.Endpoint;
            options.S3.Region = "eu-north-1";
            options.S3.AccessKeyId = "OWNKEY";
            options.S3.SecretAccessKey = "own secret";
        });
        builder.Services.AddSingleton<IAmazonS3>(static _ => throw new InvalidOperationException("Nobody needs this client."));
        builder.Services.AddSingleton(AwsOptions("OPTIONSKEY"));

        Assert.Equal("OWNKEY eu-north-1 s3", SignerOf(builder));
    }

    [Fact]
    public void ADirectoryNeedsNoClient()
    {
        HostApplicationBuilder builder = NewHost(options => options.Destination = _home.Destination);
        builder.Services.AddSingleton<IAmazonS3>(static _ => throw new InvalidOperationException("Nobody needs this client."));

        using IHost host = builder.Build();

        Assert.Empty(_failures);
        Assert.Single(_home.Open);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AClientThatCannotBeMadeYetDoesNotKeepTheProgramFromStarting(bool isShared)
    {
        FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
        HostApplicationBuilder builder = isShared ? TestHome.NewHost() : NewHost(options => options.UseTimeProvider(time));
        if (isShared)
        {
            builder.Services.AddS3Journal(options => Configure(options).UseTimeProvider(time));
            builder.Logging.AddS3Journal(options =>
            {
                options.UseTimeProvider(time);
                options.OnFailure(_failures.Enqueue);
            });
        }

        bool isThere = false;
        builder.Services.AddSingleton<IAmazonS3>(_ => isThere ? Client("CLIENTKEY") : throw new AmazonClientException("No region."));
        using (IHost host = builder.Build())
        {
            await host.StartAsync();
            ILogger logger = host.Services.GetRequiredService<ILogger<ContainerClients>>();
            logger.LogInformation("first");
            isThere = true;
            time.Advance(TimeSpan.FromSeconds(1));
            logger.LogInformation("second");

            // The stop delivers: a client made after the provider is disposed before it.
            await host.StopAsync();
        }

        Assert.Contains(_failures, static failure => failure.Exception?.Message == "No region.");
        Assert.Equal("CLIENTKEY eu-west-3 s3", Assert.Single(_server.Signers));
    }

    public void Dispose()
    {
        _server.Dispose();
        _home.Dispose();
    }

    private HostApplicationBuilder NewHost(Action<S3JournalLoggerOptions>? configure = null)
        => _home.NewHost(options =>
        {
            Configure(options).OnFailure(_failures.Enqueue);
            configure?.Invoke(options);
        });

    private T Configure<T>(T options)
        where T : JournalOptions
    {
        _home.Configure(options).Destination = "s3://bucket/logs";
        options.ShutdownTimeout = TestHome.Limit;
        return options;
    }

    private AmazonS3Client Client(string key)
        => new(new BasicAWSCredentials(key, "secret"), new AmazonS3Config { ServiceURL = _server.Endpoint, AuthenticationRegion = "eu-west-3", ForcePathStyle = true });

    private AWSOptions AwsOptions(string key) => new()
    {
        Credentials = new BasicAWSCredentials(key, "secret"),
        DefaultClientConfig = { ServiceURL = _server.Endpoint, AuthenticationRegion = "eu-west-3" },
    };

    /// <summary>Lets the container end without a stop of the host before: delivery is then the disposed provider's.</summary>
    private string SignerOf(HostApplicationBuilder builder)
    {
        using (IHost host = builder.Build())
        {
            host.Services.GetRequiredService<ILogger<ContainerClients>>().LogInformation("one");
        }

        Assert.Empty(_failures);
        return Assert.Single(_server.Signers);
    }
}
