using Integration.Tests.Server;

namespace Integration.Tests.Credentials;

/// <summary>A gateway of Ceph's for one class: other servers check session tokens, which here only the tests know.</summary>
public sealed class GatewayFixture(S3Servers servers) : IAsyncDisposable
{
    private Radosgw? _server;

    /// <summary>Asked for by the tests, which are skipped when there is none.</summary>
    public async Task<Radosgw> GetAsync() => _server ??= await servers.OwnAsync();

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
