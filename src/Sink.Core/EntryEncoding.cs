namespace Sink.Core;

/// <summary>What the entries of a logging front end are. Both forms have the same names and the same structure.</summary>
public enum EntryEncoding
{
    /// <summary>A JSON document, in Compact Log Event Format.</summary>
    Json,

    /// <summary>
    /// The same as a MessagePack map. Numbers, NaN and bytes stand in it as such; a <see cref="decimal"/> and times are texts. Its stream has the encoding <c>msgpack</c>, so that
    /// no other front end can write JSON into it.
    /// </summary>
    MessagePack,
}
