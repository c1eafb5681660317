using System.Net;
using Amazon.Runtime;

namespace Sink.Core.Delivery.S3;

/// <summary>
/// The one HTTP client of a store, which outlives the AWS clients made on it. It sends no trace headers and makes no
/// spans: a program that journals its spans would otherwise journal the journal's uploads.
/// </summary>
internal sealed class S3HttpClients : HttpClientFactory, IDisposable
{
    // Connections are made anew now and then, for a name's address may change.
    private static readonly TimeSpan _connectionLifetime = TimeSpan.FromMinutes(5);

    private readonly HttpClient _client;

    public S3HttpClients(TimeSpan connectTimeout)
    {
        SocketsHttpHandler handler = new()
        {
            ActivityHeadersPropagator = null,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = connectTimeout,
            PooledConnectionLifetime = _connectionLifetime,
        };

        // Each request has a time-out of its own, by its size.
        _client = new HttpClient(new SmallBodiesAtOnce { InnerHandler = handler }) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => _client;

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    public void Dispose() => _client.Dispose();

    /// <summary>
    /// The SDK asks before it sends a put's body. HttpClient sends a small one all the same when the answer is a refusal,
    /// and Ceph's gateway (16.2) then takes it for the beginning of the next request: one put with a wrong key, and the
    /// connection answers 405 to all further ones. Sent without asking, the body is read.
    /// </summary>
    private sealed class SmallBodiesAtOnce : DelegatingHandler
    {
        /// <summary>HttpClient's own bound.</summary>
        private const int SmallBytes = 1024;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Content?.Headers.ContentLength <= SmallBytes)
            {
                request.Headers.ExpectContinue = false;
            }

            return base.SendAsync(request, cancellationToken);
        }
    }
}
