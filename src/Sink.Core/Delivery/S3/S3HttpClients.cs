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
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => _client;

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    public void Dispose() => _client.Dispose();
}
