using Sink.Core.Delivery;

namespace Sink.Core.Options;

/// <summary>
/// Where the pieces of a template's keys lie. A piece is found in a key when nothing but pieces of fixed width stands between it and a place that is known: the beginning, the end before the
/// suffixes, or a slash whose number from either end is. Two keys that are the same then have the same epoch and ordinal.
/// </summary>
internal sealed class KeyLayout
{
    /// <summary>
    /// The suffixes are one to three dotted words: the framing's name, the encoding's, which is the longest of them, and the compression's. Were one key's suffixes longer than the
    /// other's, what they have more would end the other's text, and its last word begin with a dot there: not among more characters than a word has, where none of them is a dot.
    /// </summary>
    private const int LongestWord = ObjectMetadata.LongestToken;

    private readonly List<Piece> _pieces = [];

    private enum Kind
    {
        Fixed,
        Slash,

        /// <summary>Any text without a slash.</summary>
        Open,

        /// <summary>Any text with any number of slashes.</summary>
        Many,
    }

    public static KeyLayout Of(KeyTemplate template)
    {
        KeyLayout layout = new();
        foreach (KeyPart part in template.Parts)
        {
            layout.Add(part);
        }

        return layout;
    }

    /// <summary>Whether one of the token's places is known in any key.</summary>
    public bool IsFound(KeyToken token) => Enumerable.Range(0, _pieces.Count).Any(i => _pieces[i].Token == token && (IsAnchoredBefore(i) || IsAnchoredBehind(i)));

    private void Add(KeyPart part)
    {
        switch (part.Token)
        {
            case KeyToken.Text:
                AddText(part.Text, isFixed: true);
                break;
            case KeyToken.Time or KeyToken.First or KeyToken.Last:
                AddText(KeyTemplateChecks.Sample(part), KeyTemplateChecks.Width(part) >= 0);
                break;
            case KeyToken.Epoch:
                _pieces.Add(new Piece(Kind.Fixed, EpochText.Length, part.Token));
                break;
            case KeyToken.Ordinal:
                _pieces.Add(new Piece(Kind.Fixed, 12, part.Token));
                break;
            case KeyToken.Stream when part.Stream.IsMany:
            case KeyToken.Date:
                // A stream may have dates of its own, so nothing is known of their width.
                _pieces.Add(new Piece(Kind.Many, 0, part.Token));
                break;
            case KeyToken.Suffixes:
                break;
            default:
                _pieces.Add(new Piece(Kind.Open, 0, part.Token));
                break;
        }
    }

    /// <summary>Character by character: a dot ends a run, a slash is counted.</summary>
    private void AddText(string text, bool isFixed)
    {
        foreach (char c in text)
        {
            Kind kind = c == '/' ? Kind.Slash : isFixed ? Kind.Fixed : Kind.Open;
            _pieces.Add(new Piece(kind, 1, KeyToken.Text) { IsDot = c == '.' });
        }
    }

    private bool IsAnchoredBefore(int index)
    {
        for (int i = index - 1; i >= 0; i--)
        {
            if (_pieces[i].Kind is Kind.Open or Kind.Many)
            {
                return false;
            }

            if (_pieces[i].Kind == Kind.Slash && IsCounted(i))
            {
                return true;
            }
        }

        return true;
    }

    private bool IsAnchoredBehind(int index)
    {
        for (int i = index + 1; i < _pieces.Count; i++)
        {
            if (_pieces[i].Kind is Kind.Open or Kind.Many)
            {
                return false;
            }

            if (_pieces[i].Kind == Kind.Slash && IsCounted(i))
            {
                return true;
            }
        }

        return WidthBeforeSuffixes() > LongestWord;
    }

    private bool IsCounted(int slash) =>
        _pieces.Take(slash).All(static piece => piece.Kind != Kind.Many) || _pieces.Skip(slash + 1).All(static piece => piece.Kind != Kind.Many);

    private int WidthBeforeSuffixes() =>
        Enumerable.Reverse(_pieces).TakeWhile(static piece => piece.Kind is Kind.Fixed or Kind.Slash && !piece.IsDot).Sum(static piece => piece.Width);

    private readonly record struct Piece(Kind Kind, int Width, KeyToken Token)
    {
        public bool IsDot { get; init; }
    }
}
