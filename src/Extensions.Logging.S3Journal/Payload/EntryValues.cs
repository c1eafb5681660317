using System.Collections;
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

    /// <summary>Of one scope, or of the state: some have no end.</summary>
    private const int MaxPairs = 10_000;

    [ThreadStatic]
    private static EntryValues? _idle;

    private readonly List<KeyValuePair<string, object?>> _values = [];
    private readonly List<object> _otherScopes = [];
    private readonly LiteralCache _nameLiterals = new(EntryEncoder.WriteName);
    private string? _template;
    private HashSet<string>? _names;
    private bool[] _isHidden = [];
    private int _stateFrom;

    /// <summary>For strings that are likely to come again, as JSON strings.</summary>
    public LiteralCache Texts { get; } = new(static (text, output) => output.WriteJsonString(text));

    /// <summary>Scopes that are no key-value pairs, from the outermost in.</summary>
    public IReadOnlyList<object> OtherScopes => _otherScopes;

    /// <summary>The state's template; null when it has none.</summary>
    public string? Template => _template;

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
        try
        {
            int before = _values.Count;
            string? template = null;
            switch (scope)
            {
                case null:
                    break;
                case IEnumerable<KeyValuePair<string, object?>>:
                    AddPairs(scope, ref template);
                    if (_values.Count == before && template is not null)
                    {
                        // Nothing but a template: a plain text.
                        _otherScopes.Add(ObjectText.Of(scope));
                    }

                    break;
                case KeyValuePair<string, object?> pair:
                    Add(pair, ref template);
                    break;
                default:
                    _otherScopes.Add(scope);
                    break;
            }
        }
        catch (Exception exception) when (exception is not ThreadInterruptedException)
        {
            // What was read until then is kept.
            AddText(ObjectText.Instead(scope, exception));
        }
    }

    /// <summary>A scope, or a state, that cannot be read.</summary>
    public void AddText(string text) => _otherScopes.Add(text);

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
            int left = MaxPairs;
            for (int i = 0; i < count && HasRoom(ref left); i++)
            {
                Add(((IReadOnlyList<KeyValuePair<string, object?>>)state)[i], ref _template);
            }
        }
        else
        {
            AddPairs(state, ref _template);
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
    public void WriteSmallTo(Utf8Buffer output, int maxBytes)
    {
        Hide();
        int limit = output.Length + maxBytes;
        for (int i = 0; i < _values.Count; i++)
        {
            if (!_isHidden[i] && IsSmall(_values[i]) && _values[i].Key is not ("text" or "exception" or "truncated"))
            {
                int begin = output.Length;
                EntryEncoder.WriteName(_values[i].Key, output);
                if (!JsonScalar.TryWrite(_values[i].Value, output))
                {
                    output.WriteJsonString(ObjectText.Of(_values[i].Value));
                }

                if (output.Length > limit)
                {
                    output.Truncate(begin);
                }
            }
        }
    }

    /// <summary>For a state that gives its template apart.</summary>
    public void AddTemplate(string? template) => _template ??= template;

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

    private static bool IsSmall(KeyValuePair<string, object?> pair)
        => pair.Key.Length <= EntryEncoder.MaxNameChars && pair.Value is null or string { Length: <= EntryEncoder.MaxNameChars } or (ValueType and not IEnumerable);

    private void AddPairs(object? source, ref string? template)
    {
        int left = MaxPairs;
        if (source is IReadOnlyList<KeyValuePair<string, object?>> list)
        {
            for (int i = 0; i < list.Count && HasRoom(ref left); i++)
            {
                Add(list[i], ref template);
            }
        }
        else if (source is Dictionary<string, object?> dictionary)
        {
            // Its own enumerator is no object; through the interface it would be one for each entry in the scope.
            foreach (KeyValuePair<string, object?> pair in dictionary)
            {
                if (!HasRoom(ref left))
                {
                    break;
                }

                Add(pair, ref template);
            }
        }
        else if (source is IEnumerable<KeyValuePair<string, object?>> pairs)
        {
            foreach (KeyValuePair<string, object?> pair in pairs)
            {
                if (!HasRoom(ref left))
                {
                    break;
                }

                Add(pair, ref template);
            }
        }
    }

    /// <summary>False when the source has given enough; the entry says so.</summary>
    private bool HasRoom(ref int left)
    {
        if (left-- > 0)
        {
            return true;
        }

        _values.Add(new KeyValuePair<string, object?>("...", true));
        return false;
    }

    private void Add(KeyValuePair<string, object?> pair, ref string? template)
    {
        if (pair.Key == TemplateName)
        {
            template = pair.Value as string ?? template;
        }
        else
        {
            _values.Add(new KeyValuePair<string, object?>(ObjectText.OfName(pair.Key), pair.Value));
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
        for (int i = from; i < to && budget.Allows(output); i++)
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
        _otherScopes.Clear();
        _stateFrom = 0;
        _template = null;
    }
}
