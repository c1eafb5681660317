using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Microsoft.Extensions.Logging.S3Journal.Payload;

/// <summary>
/// The named values of one entry, from the outermost scope in to the state, read once each: the state's own indexer may box. Each thread keeps
/// one between entries.
/// </summary>
internal sealed class EntryValues
{
    /// <summary>The name under which a state gives its template.</summary>
    public const string TemplateName = "{OriginalFormat}";

    private const int FewValues = 32;
    private const int MaxKept = 256;

    [ThreadStatic]
    private static EntryValues? _idle;

    private readonly List<KeyValuePair<string, object?>> _values = [];
    private readonly LiteralCache _nameLiterals = new(EntryEncoder.WriteName);
    private readonly List<object> _texts = [];
    private HashSet<string>? _names;
    private bool[] _isHidden = [];
    private int _stateFrom;

    /// <summary>For strings that are likely to come again, as JSON strings.</summary>
    public LiteralCache Texts { get; } = new(static (text, output) => output.WriteJsonString(text));

    /// <summary>Scopes that are no key-value pairs, from the outermost in.</summary>
    public IReadOnlyList<object> ScopeTexts => _texts;

    /// <summary>The state's template; null when it has none.</summary>
    public string? Template { get; set; }

    /// <summary>This thread's, empty; taken out of its place while it is used, for a value's <c>ToString</c> that logs comes back here.</summary>
    public static EntryValues Rent()
    {
        EntryValues values = _idle ?? new EntryValues();
        _idle = null;
        return values;
    }

    public static void Return(EntryValues values)
    {
        if (values._values.Count <= MaxKept)
        {
            values.Clear();
            _idle = values;
        }
    }

    public void AddScope(object? scope)
    {
        int before = _values.Count;
        switch (scope)
        {
            case null:
                break;
            case IReadOnlyList<KeyValuePair<string, object?>> pairs:
                for (int i = 0; i < pairs.Count; i++)
                {
                    AddOfScope(pairs[i]);
                }

                if (_values.Count == before && pairs.Count > 0)
                {
                    // Nothing but a template: a plain text.
                    _texts.Add(scope);
                }

                break;
            case Dictionary<string, object?> pairs:
                // Its own enumerator is no object; through the interface it would be one for each entry in the scope.
                foreach (KeyValuePair<string, object?> pair in pairs)
                {
                    AddOfScope(pair);
                }

                break;
            case IEnumerable<KeyValuePair<string, object?>> pairs:
                foreach (KeyValuePair<string, object?> pair in pairs)
                {
                    AddOfScope(pair);
                }

                break;
            case KeyValuePair<string, object?> pair:
                _values.Add(pair);
                break;
            default:
                _texts.Add(scope);
                break;
        }
    }

    /// <summary>A scope, or a state, that cannot be read.</summary>
    public void AddText(string text) => _texts.Add(text);

    /// <summary>Adds the state's values. What comes later with the same name counts.</summary>
    /// <remarks>
    /// Written so that the compiler sees one box that does not leave the expression, and leaves it out: states are structs, and each cast to a variable would be an allocation.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddState<TState>(TState state)
    {
        _stateFrom = _values.Count;
        if (typeof(TState).IsValueType && state is IReadOnlyList<KeyValuePair<string, object?>>)
        {
            int count = ((IReadOnlyList<KeyValuePair<string, object?>>)state).Count;
            for (int i = 0; i < count; i++)
            {
                AddOfState(((IReadOnlyList<KeyValuePair<string, object?>>)state)[i]);
            }
        }
        else
        {
            AddStateObject(state);
        }
    }

    /// <summary>Every value that counts, the state's first, then the scopes'; each name once.</summary>
    public void WriteTo(Utf8Buffer output, ref ElementBudget budget)
    {
        Hide();
        Write(_stateFrom, _values.Count, output, ref budget);
        Write(0, _stateFrom, output, ref budget);
    }

    /// <summary>Small values, for they correlate entries: what is left of an entry that is too large.</summary>
    public void WriteSmallTo(Utf8Buffer output, int maxChars, int maxBytes)
    {
        Hide();
        int limit = output.Length + maxBytes;
        for (int i = 0; i < _values.Count && output.Length < limit; i++)
        {
            if (!_isHidden[i] && _values[i] is { Value: null or string { Length: <= 256 } or ValueType } pair && pair.Key.Length <= maxChars && pair.Key is not ("text" or "exception" or "truncated"))
            {
                EntryEncoder.WriteName(pair.Key, output);
                if (!JsonScalar.TryWrite(pair.Value, output))
                {
                    output.WriteJsonString(ObjectText.Of(pair.Value!));
                }
            }
        }
    }

    /// <summary>Whether a value of that name is there: a name of ours must not come twice.</summary>
    public bool Has(string name)
    {
        foreach (ref readonly KeyValuePair<string, object?> pair in CollectionsMarshal.AsSpan(_values))
        {
            if (pair.Key == name)
            {
                return true;
            }
        }

        return false;
    }

    private void AddStateObject(object? state)
    {
        if (state is IReadOnlyList<KeyValuePair<string, object?>> list)
        {
            for (int i = 0; i < list.Count; i++)
            {
                AddOfState(list[i]);
            }
        }
        else if (state is IEnumerable<KeyValuePair<string, object?>> pairs)
        {
            foreach (KeyValuePair<string, object?> pair in pairs)
            {
                AddOfState(pair);
            }
        }
    }

    private void AddOfState(KeyValuePair<string, object?> pair)
    {
        if (pair.Key == TemplateName)
        {
            Template = pair.Value as string ?? Template;
        }
        else
        {
            _values.Add(new KeyValuePair<string, object?>(pair.Key ?? "", pair.Value));
        }
    }

    private void AddOfScope(KeyValuePair<string, object?> pair)
    {
        if (pair.Key != TemplateName)
        {
            _values.Add(new KeyValuePair<string, object?>(pair.Key ?? "", pair.Value));
        }
    }

    /// <summary>Marks those behind which another of their name comes.</summary>
    private void Hide()
    {
        int count = _values.Count;
        if (_isHidden.Length < count)
        {
            _isHidden = new bool[Math.Max(count, FewValues)];
        }

        if (count > FewValues)
        {
            _names ??= new HashSet<string>(StringComparer.Ordinal);
            for (int i = count - 1; i >= 0; i--)
            {
                _isHidden[i] = !_names.Add(_values[i].Key);
            }

            _names.Clear();
            return;
        }

        for (int i = 0; i < count; i++)
        {
            _isHidden[i] = false;
            for (int later = i + 1; later < count && !_isHidden[i]; later++)
            {
                _isHidden[i] = _values[later].Key == _values[i].Key;
            }
        }
    }

    private void Write(int from, int to, Utf8Buffer output, ref ElementBudget budget)
    {
        for (int i = from; i < to; i++)
        {
            if (!_isHidden[i])
            {
                _nameLiterals.Write(_values[i].Key, output);
                ObjectValue.Write(_values[i].Value, output, ref budget);
            }
        }
    }

    private void Clear()
    {
        _values.Clear();
        _texts.Clear();
        _stateFrom = 0;
        Template = null;
    }
}
