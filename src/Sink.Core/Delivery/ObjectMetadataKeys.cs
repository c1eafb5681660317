namespace Sink.Core.Delivery;

/// <summary>Names of the metadata document's values.</summary>
internal static class ObjectMetadataKeys
{
    public const string Version = "version";
    public const string Start = "start";
    public const string End = "end";
    public const string Where = "where";
    public const string What = "what";
    public const string WorkId = "work_id";
    public const string DataVersion = "data-version";
    public const string Path = "path";
    public const string Id = "id";
    public const string Hash = "hash";
    public const string Source = "source";
    public const string Stream = "stream";
    public const string Entries = "entries";
    public const string RawBytes = "raw-bytes";
    public const string Framing = "framing";
    public const string Delimiter = "delimiter";
    public const string Encoding = "encoding";
    public const string Compression = "compression";
    public const string Epoch = "epoch";
    public const string Lane = "lane";
    public const string Ordinal = "ordinal";
    public const string First = "first";
    public const string Last = "last";
    public const string Previous = "previous";
    public const string Settled = "settled";
    public const string Drops = "drops";
    public const string Dropped = "dropped";
    public const string Policy = "policy";
    public const string GivenUp = "given-up";
    public const string Quarantined = "quarantined";
}
