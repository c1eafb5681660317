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
    private string? _template;
    private HashSet<string>? _names;
    private bool[] _isHidden = [];
    private int _stateFrom;

    /// <summary>Scopes that are no key-value pairs, from the outermost in.</summary>
    public IReadOnlyList<object> OtherScopes => _otherScopes;

    /// <summary>The state's template; null when it has none.</summary>
    public string? Template => _template;

    public int Count => _values.Count;

    /// <summary>The first that is the state's and no scope's.</summary>
    public int StateFrom => _stateFrom;

    public KeyValuePair<string, object?> this[int index] => _values[index];

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

    /// <summary>Marks those behind which another of their name comes: see <see cref="IsHidden"/>.</summary>
    public void Hide()
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

    public bool IsHidden(int index) => _isHidden[index];

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

    private void Clear()
    {
        _values.Clear();
        _otherScopes.Clear();
        _stateFrom = 0;
        _template = null;
    }
}
