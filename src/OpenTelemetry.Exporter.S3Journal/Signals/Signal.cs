namespace OpenTelemetry.Exporter.S3Journal.Signals;

/// <summary>A kind of telemetry.</summary>
/// <param name="name">Its name in streams and messages.</param>
/// <param name="encoding">What its entries are, as the objects' metadata tells.</param>
internal abstract class Signal(string name, string encoding)
{
    public string Name { get; } = name;

    public string Encoding { get; } = encoding;
}
