using System.Net;

namespace Benchmarks.Peers;

/// <summary>Takes every request without a network: what is left of an exporter over HTTP is its serialization. Counts what it was given.</summary>
internal sealed class AcceptingHandler : HttpMessageHandler
{
    public long Bytes { get; private set; }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(Send(request, cancellationToken));

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Bytes += request.Content?.Headers.ContentLength ?? 0;
        return new HttpResponseMessage(HttpStatusCode.OK);
    }
}
