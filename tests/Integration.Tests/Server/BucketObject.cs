using System.Text.Json;

namespace Integration.Tests.Server;

/// <summary>An object as another program finds it in the bucket.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Metadata">The metadata document.</param>
/// <param name="ContentType">As the server tells it.</param>
/// <param name="ContentEncoding">As the server tells it; null or empty for none.</param>
/// <param name="Lines">Its lines, decompressed.</param>
internal sealed record BucketObject(string Key, JsonElement Metadata, string ContentType, string? ContentEncoding, string[] Lines)
{
    public string Stream => Metadata.GetProperty("stream").GetString()!;

    public long Ordinal => Metadata.GetProperty("ordinal").GetInt64();

    public long Entries => Metadata.GetProperty("entries").GetInt64();

    public string Epoch => Metadata.GetProperty("epoch").GetString()!;
}
