using Google.Protobuf;

namespace OpenTelemetry.Exporter.S3Journal.Tests.Support;

/// <summary>One record in three encodings.</summary>
/// <param name="Theirs">What the OTLP exporter sent.</param>
/// <param name="Protobuf">Ours.</param>
/// <param name="Json">Ours.</param>
internal sealed record Encoded<TMessage>(TMessage Theirs, byte[] Protobuf, byte[] Json)
    where TMessage : class, IMessage<TMessage>, new()
{
    public TMessage FromProtobuf { get; } = new MessageParser<TMessage>(static () => new TMessage()).ParseFrom(Protobuf);

    public TMessage FromJson { get; } = OtlpJson.Parse<TMessage>(Json);

    /// <summary>Fails where ours differ from theirs in any field.</summary>
    public Encoded<TMessage> AreTheSame()
    {
        Fields.Same(Theirs, FromProtobuf);

        // Also fields of theirs that the tests' messages do not have.
        Assert.Equal(Theirs, FromProtobuf);
        Fields.Same(Theirs, FromJson);
        return this;
    }
}
