using System.Collections.Concurrent;
using System.Diagnostics;
using Amazon.Runtime;
using Amazon.S3;
using Extensions.Logging.S3Journal.Tests.EndToEnd;
using OpenTelemetry.Trace;
using Sink.Core;

namespace OpenTelemetry.Exporter.S3Journal.Tests.Failures;

/// <summary>A span of a delivery would be delivered, which makes a span, without end.</summary>
public sealed class DeliveriesMakeNoSpans : IDisposable
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("s3journal-otel-");
    private readonly RecordingServer _server = new();

    [Fact]
    public async Task AClientOfTheUsersIsSuppressedWhileItDelivers()
    {
        using SeesSuppression seen = new();
        Spans spans = new();
        using TracerProvider provider = Sdk.CreateTracerProviderBuilder().AddSource("System.Net.Http").AddProcessor(spans).Build();
        using AmazonS3Client client = new("key", "secret", new AmazonS3Config
        {
            ServiceURL = _server.Endpoint,
            AuthenticationRegion = "eu-west-3",
            ForcePathStyle = true,
            HttpClientFactory = seen,
        });
        S3JournalExporterOptions options = new()
        {
            Destination = "s3://logs",
            LocalDirectory = Path.Join(_home.FullName, "journal"),
            MinFreeDiskBytes = 0,
            ReportToStandardError = false,
        };
        options.UseS3Client(client);
        using (Journal journal = Journal.Open(options))
        {
            journal.GetStream("x").Append(TimeProvider.System.GetUtcNow(), "{}"u8);
            FlushResult flushed = await journal.FlushAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, flushed.Waiting);
        }

        Assert.NotEmpty(_server.Signers);
        Assert.NotEmpty(seen.Suppressed);
        Assert.All(seen.Suppressed, Assert.True);
        Assert.DoesNotContain(spans.Ended, span => IsOurs(span));

        // The same client outside of a delivery is the program's own affair.
        await client.PutObjectAsync(new Amazon.S3.Model.PutObjectRequest { BucketName = "logs", Key = "own", ContentBody = "x" }, TestContext.Current.CancellationToken);
        Assert.False(seen.Suppressed.Last());
        Assert.Contains(spans.Ended, span => IsOurs(span));
    }

    public void Dispose()
    {
        _server.Dispose();
        _home.Delete(recursive: true);
    }

    private bool IsOurs(Activity span) => span.GetTagItem("server.port") is int port && port == new Uri(_server.Endpoint).Port;

    private sealed class Spans : BaseProcessor<Activity>
    {
        public ConcurrentQueue<Activity> Ended { get; } = new();

        public override void OnEnd(Activity data) => Ended.Enqueue(data);
    }

    /// <summary>Notes for each request whether instrumentation is suppressed.</summary>
    private sealed class SeesSuppression : HttpClientFactory, IDisposable
    {
        private readonly HttpClient _client;

        public SeesSuppression() => _client = new HttpClient(new Handler(Suppressed));

        public ConcurrentQueue<bool> Suppressed { get; } = new();

        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => _client;

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

        public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

        public void Dispose() => _client.Dispose();

        private sealed class Handler(ConcurrentQueue<bool> suppressed) : DelegatingHandler(new SocketsHttpHandler())
        {
            protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
            {
                suppressed.Enqueue(Sdk.SuppressInstrumentation);
                return base.SendAsync(request, cancellationToken);
            }
        }
    }
}
