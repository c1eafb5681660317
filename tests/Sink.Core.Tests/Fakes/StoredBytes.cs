using System.Text;
using Sink.Core.Delivery;

namespace Sink.Core.Tests.Fakes;

/// <summary>An object of a <see cref="ScriptedStore"/>; its entries can be read when it is not compressed.</summary>
internal sealed record StoredBytes(string Key, byte[] Bytes, string Metadata)
{
    public ObjectMetadata Document => ObjectMetadata.TryParse(Metadata, out ObjectMetadata? document, out string error) ? document : throw new InvalidDataException(error);

    public IReadOnlyList<string> Lines => Encoding.UTF8.GetString(Bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
