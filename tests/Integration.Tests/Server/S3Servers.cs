using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Containers;
using Integration.Tests.Server;

[assembly: AssemblyFixture(typeof(S3Servers))]

namespace Integration.Tests.Server;

/// <summary>
/// The servers of the tests. What only needs S3 takes the shared one: the endpoint that the environment gives, else a
/// container, else Ceph's gateway. What does harm to a server, or needs users, takes a gateway of its own.
/// Where there is none, tests are skipped with the line that tells how to get one; in CI they fail.
/// </summary>
public sealed class S3Servers : IAsyncDisposable
{
    public const string EndpointVariable = "S3JOURNAL_TEST_ENDPOINT";
    public const string AccessKeyVariable = "S3JOURNAL_TEST_ACCESS_KEY";
    public const string SecretKeyVariable = "S3JOURNAL_TEST_SECRET_KEY";
    public const string RegionVariable = "S3JOURNAL_TEST_REGION";

    /// <summary>"1", as <c>./test.sh --with-s3</c> sets it: a server has to be had, and may be installed. "0": nothing is installed.</summary>
    public const string WithS3Variable = "S3JOURNAL_TEST_WITH_S3";

    private const string Image = "minio/minio:RELEASE.2025-09-07T16-13-09Z";
    private const int ImagePort = 9000;

    private readonly Lazy<Task<S3Server>> _shared;
    private readonly List<IAsyncDisposable> _started = [];

    public S3Servers()
    {
        _shared = new Lazy<Task<S3Server>>(StartSharedAsync);
    }

    internal static bool MayInstall => IsCI || Read(WithS3Variable) == "1" || (Read(WithS3Variable) != "0" && Environment.IsPrivilegedProcess);

    private static bool IsCI => Read("CI") == "true";

    /// <summary>The server that all tests share, each with buckets of its own.</summary>
    public async Task<S3Server> SharedAsync()
    {
        try
        {
            return await _shared.Value;
        }
        catch (NoServerException exception)
        {
            throw SkipOrFail(exception);
        }
    }

    /// <summary>A gateway for one test, which disposes it.</summary>
    public async Task<Radosgw> OwnAsync()
    {
        try
        {
            return await Radosgw.StartAsync();
        }
        catch (NoServerException exception)
        {
            throw SkipOrFail(exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable server in _started)
        {
            await server.DisposeAsync();
        }
    }

    private static Exception SkipOrFail(NoServerException exception)
    {
        if (!IsCI && Read(WithS3Variable) != "1")
        {
            Assert.Skip(exception.Message);
        }

        return exception;
    }

    private async Task<S3Server> StartSharedAsync()
    {
        if (Read(EndpointVariable) is { } endpoint)
        {
            return new S3Server(endpoint, Required(AccessKeyVariable), Required(SecretKeyVariable), Read(RegionVariable) ?? "us-east-1", IsThrowAway: false);
        }

        if (await StartContainerAsync() is { } container)
        {
            return container;
        }

        Radosgw gateway = await Radosgw.StartAsync();
        _started.Add(gateway);
        return gateway;
    }

    /// <summary>Null when no Docker engine answers.</summary>
    private async Task<S3Server?> StartContainerAsync()
    {
        string secret = Guid.NewGuid().ToString("N");
        try
        {
            IContainer container = new ContainerBuilder(Image)
                .WithCommand("server", "/data")
                .WithEnvironment("MINIO_ROOT_USER", "testaccesskey")
                .WithEnvironment("MINIO_ROOT_PASSWORD", secret)
                .WithPortBinding(ImagePort, assignRandomHostPort: true)
                .WithWaitStrategy(Wait.ForUnixContainer().UntilHttpRequestIsSucceeded(request => request.ForPort(ImagePort).ForPath("/minio/health/ready")))
                .Build();
            _started.Add(container);
            await container.StartAsync();
            return new S3Server($"http://{container.Hostname}:{container.GetMappedPublicPort(ImagePort)}", "testaccesskey", secret, "us-east-1", IsThrowAway: true);
        }
        catch (DockerUnavailableException)
        {
            return null;
        }
    }

    private static string Required(string variable) => Read(variable) ?? throw new InvalidOperationException($"{EndpointVariable} is set, and {variable} is not.");

    private static string? Read(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;
}
