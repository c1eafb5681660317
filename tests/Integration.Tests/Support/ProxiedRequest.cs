namespace Integration.Tests.Support;

/// <summary>A request that came to the proxy.</summary>
/// <param name="Number">From 1, among those of its method.</param>
/// <param name="Method">PUT, HEAD and so on.</param>
/// <param name="Path">With the query.</param>
/// <param name="Length">Bytes of the body.</param>
/// <param name="KeyId">The access key that signed it, or null.</param>
/// <param name="Token">The session's token, or null.</param>
internal sealed record ProxiedRequest(int Number, string Method, string Path, long Length, string? KeyId, string? Token);
