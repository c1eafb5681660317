using System.Globalization;
using System.Text;

namespace Sink.Core.Delivery;

/// <summary>How keys are made: the parts of <see cref="JournalOptions.KeyTemplate"/>, behind the shard. Checked before: any two objects' keys differ, by epoch and ordinal.</summary>
internal sealed class KeyTemplate
{
    public const string DefaultText = "{shard}/{stream}/{date}/" + Name;
    public const string HiveText = "{shard}/{stream}/{date:'year='yyyy/'month='MM/'day='dd}/" + Name;
    public const string CollectorText = "{shard}/{stream}/{date:'year='yyyy/'month='MM/'day='dd/'hour='HH/'minute='mm|UTC}/" + Name;

    private const string Name = "{prefix}{time}-{id}-{epoch}-{ordinal}{suffixes}";

    public static readonly KeyTemplate Default = new(
        nameof(Default),
        [
            new KeyPart(KeyToken.Stream), Literal("/"), new KeyPart(KeyToken.Date), Literal("/"), new KeyPart(KeyToken.Prefix), new KeyPart(KeyToken.Time), Literal("-"),
            new KeyPart(KeyToken.Id), Literal("-"), new KeyPart(KeyToken.Epoch), Literal("-"), new KeyPart(KeyToken.Ordinal), new KeyPart(KeyToken.Suffixes),
        ]);

    private readonly KeyPart[] _parts;

    public KeyTemplate(string text, IEnumerable<KeyPart> parts)
    {
        Text = text;
        _parts = [.. parts];
    }

    /// <summary>As the options have it, or a preset's name.</summary>
    public string Text { get; }

    public IReadOnlyList<KeyPart> Parts => _parts;

    /// <summary>
    /// The key. One that a store could not hold is made by <see cref="Default"/>: an object that an earlier run began has the date of that run's format, which this template was
    /// not checked against, and it must not wait for ever. It is no other object's key: both forms hold the run's epoch, drawn at random when it began, and the ordinal, so a key of the other
    /// form would need them in its id, its stream or its date. Should they meet nevertheless, the put does not overwrite, and the second goes beside.
    /// </summary>
    /// <exception cref="JournalException">The ordinal has more than 12 digits, or the key is too long in both forms.</exception>
    public string Format(in ObjectKeyParts parts)
    {
        if (parts.Ordinal is < 0 or > ObjectKey.MaxOrdinal)
        {
            throw new JournalException(string.Create(CultureInfo.InvariantCulture, $"The ordinal {parts.Ordinal} does not fit the 12 digits of a key."));
        }

        string key = Fill(parts);
        if (this != Default && StoreKey.Check(key) is not null)
        {
            key = Default.Fill(parts);
        }

        int bytes = Encoding.UTF8.GetByteCount(key);
        return bytes <= ObjectKey.MaxBytes
            ? key
            : throw new JournalException(string.Create(
                CultureInfo.InvariantCulture,
                $"The key of the stream \"{parts.Stream}\" is {bytes} bytes, and {ObjectKey.MaxBytes} are allowed: shorten the stream's name or DirectoryFormat."));
    }

    /// <summary>The key as the parts give it, unchecked.</summary>
    public string Fill(in ObjectKeyParts parts)
    {
        var key = new StringBuilder();
        if (parts.Shards is { } shards)
        {
            key.Append(EpochText.ToDigit((int)(parts.Ordinal % shards))).Append('/');
        }

        foreach (KeyPart part in _parts)
        {
            key.Append(part.Fill(parts));
        }

        return key.ToString();
    }

    private static KeyPart Literal(string text) => new(KeyToken.Text) { Text = text };
}
