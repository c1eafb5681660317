using Integration.Tests.Support;

namespace Integration.Tests.Faults;

/// <summary>What becomes of each request to a hostile store, at random, in stretches of more and less trouble. Safe for concurrent use.</summary>
internal sealed class HostileFates(int seed)
{
    private static readonly TimeSpan _beyondTimeout = TimeSpan.FromSeconds(1.5);

    private static readonly (string Name, RequestFate Fate)[] _ofPuts =
    [
        ("500", RequestFate.Refused(500, "InternalError")),
        ("503", RequestFate.Refused(503, "SlowDown")),
        ("409", RequestFate.Refused(409, "OperationAborted")),
        ("403", RequestFate.Refused(403, "AccessDenied")),
        ("500 after it was taken", RequestFate.Taken(500, "InternalError")),
        ("503 after it was taken", RequestFate.Taken(503, "ServiceUnavailable")),
        ("409 after it was taken", RequestFate.Taken(409, "ConditionalRequestConflict")),
        ("412 after it was taken", RequestFate.Taken(412, "PreconditionFailed")),
        ("403 after it was taken", RequestFate.Taken(403, "AccessDenied")),
        ("504 after it was taken", RequestFate.Unanswered),
        ("answer lost", RequestFate.CutOff),
        ("answer lost, reset", RequestFate.ResetAfter),
        ("answer cut", RequestFate.CutInAnswer),
        ("body cut", RequestFate.CutInMidBody),
        ("body cut, reset", RequestFate.ResetInMidBody),
        ("reset at once", RequestFate.ResetAtOnce),
        ("late", RequestFate.Late(TimeSpan.FromMilliseconds(40))),
        ("trickled", RequestFate.Trickled(512, TimeSpan.FromMilliseconds(2))),
    ];

    private static readonly (string Name, RequestFate Fate)[] _thatTakeLong =
    [
        ("answer beyond the time-out", RequestFate.Late(_beyondTimeout)),
        ("trickled beyond the time-out", RequestFate.Trickled(128, TimeSpan.FromMilliseconds(60))),
    ];

    private static readonly (string Name, RequestFate Fate)[] _ofLooks =
    [
        ("look: 500", RequestFate.Refused(500, "InternalError")),
        ("look: 503", RequestFate.Refused(503, "SlowDown")),
        ("look: reset", RequestFate.ResetAtOnce),
        ("look: answer cut", RequestFate.CutInAnswer),
        ("look: trickled", RequestFate.Trickled(64, TimeSpan.FromMilliseconds(1))),
    ];

    private static readonly (string Name, RequestFate Fate) _forged = ("412 with nothing there", RequestFate.Refused(412, "PreconditionFailed"));
    private static readonly (string Name, RequestFate Fate) _unseen = ("look: 403", RequestFate.Refused(403, "AccessDenied"));

    private readonly Lock _lock = new();

    // Owned by _lock.
    private readonly Random _random = new(seed);
    private readonly SortedDictionary<string, int> _given = new(StringComparer.Ordinal);
    private double _trouble;
    private int _left;

    /// <summary>All is well from now on.</summary>
    public bool IsOver { get; set; }

    /// <summary>
    /// Puts are answered "taken" where nothing is; else looks are forbidden. Not both: who may put and not look must believe the
    /// store that a key is taken.
    /// </summary>
    public bool Forges { get; set; }

    public int Faults
    {
        get
        {
            lock (_lock)
            {
                return _given.Values.Sum();
            }
        }
    }

    public int Kinds
    {
        get
        {
            lock (_lock)
            {
                return _given.Count;
            }
        }
    }

    /// <summary>Each of these comes in any run, or the run shows less than it says.</summary>
    public static IReadOnlyList<string> MustCome { get; } =
    [
        "500", "503", "409", "403", "412 after it was taken", "500 after it was taken", "answer lost", "answer lost, reset", "answer cut", "body cut", "body cut, reset", "reset at once", "late", "trickled", "412 with nothing there",
    ];

    public static int AllKinds => _ofPuts.Length + _thatTakeLong.Length + _ofLooks.Length + 2;

    public IEnumerable<string> NotGiven(IEnumerable<string> kinds)
    {
        lock (_lock)
        {
            return [.. kinds.Where(kind => !_given.ContainsKey(kind))];
        }
    }

    public RequestFate Choose(ProxiedRequest request)
    {
        lock (_lock)
        {
            if (_left-- <= 0)
            {
                _left = _random.Next(5, 60);
                _trouble = _random.Next(5) switch { 0 => 0.9, 1 => 0.5, 2 or 3 => 0.25, _ => 0 };
            }

            if (IsOver || _random.NextDouble() >= _trouble)
            {
                return RequestFate.Passed;
            }

            (string name, RequestFate fate) = request.Method == "PUT" ? OfPut() : OfLook();
            _given[name] = _given.GetValueOrDefault(name) + 1;
            return fate;
        }
    }

    public override string ToString()
    {
        lock (_lock)
        {
            return string.Join(", ", _given.Select(static pair => $"{pair.Key} {pair.Value}"));
        }
    }

    private (string Name, RequestFate Fate) OfPut()
    {
        int kind = _random.Next(_ofPuts.Length * 12);
        return kind switch
        {
            0 or 1 => _thatTakeLong[kind],
            < 20 when Forges => _forged,
            _ => _ofPuts[kind % _ofPuts.Length],
        };
    }

    private (string Name, RequestFate Fate) OfLook() =>
        !Forges && _random.Next(3) == 0 ? _unseen : _ofLooks[_random.Next(_ofLooks.Length)];
}
