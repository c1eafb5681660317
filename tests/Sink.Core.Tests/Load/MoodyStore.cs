using Sink.Core.Tests.Fakes;

namespace Sink.Core.Tests.Load;

/// <summary>
/// A store that answers at random, and keeps the account of what its answers mean for the schedule: whether it is away, and since
/// how many tries. Each answer comes before the next try.
/// </summary>
internal sealed class MoodyStore
{
    private static readonly TimeSpan _least = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan _most = TimeSpan.FromSeconds(30);

    private readonly Random _random;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, int> _refusals = [];
    private long _failedAt;
    private double _trouble;
    private int _leftOfMood;

    public MoodyStore(int seed, TimeProvider time)
    {
        _random = new Random(seed);
        _time = time;
        Store.OnPut = (put, _) => Task.FromResult(Answer(put));
    }

    public ScriptedStore Store { get; } = new();

    /// <summary>Puts that are still to be answered by mood; then all is well.</summary>
    public int Moods { get; set; }

    public int Tries { get; private set; }

    public int Failures { get; private set; }

    /// <summary>Failed tries since it last took or judged an object; 0 when it is there.</summary>
    public int InARow { get; private set; }

    /// <summary>How often it went away.</summary>
    public int Departures { get; private set; }

    /// <summary>Objects that it refused at least once.</summary>
    public int Refused => _refusals.Count;

    /// <summary>Tries that came later, or sooner, than the bound of their pause allows; empty when the schedule holds.</summary>
    public List<string> Breaches { get; } = [];

    public TimeSpan LongestPause { get; private set; }

    /// <summary>Since the last try there was a time when all that was left were objects that are tried slowly.</summary>
    public bool HadOnlyParked { get; set; }

    /// <summary>The longest that the next try may be away.</summary>
    public TimeSpan Bound => InARow == 0 ? TimeSpan.Zero : TimeSpan.FromTicks((long)Math.Min(_least.Ticks * Math.Pow(2, InARow - 1), _most.Ticks));

    private PutResult? Answer(ObjectPut put)
    {
        CheckPause();
        HadOnlyParked = false;
        Tries++;
        switch (Mood())
        {
            case 0:
                return Away(new PutResult(PutOutcome.Unavailable, "away"));
            case 1:
                Away(null);
                throw new IOException("the connection ended");
            case 2:
                Away(null);
                throw new InvalidOperationException("odd");
            case 3:
                // It took the object, and the answer is lost.
                PlantOnce(put);
                return Away(new PutResult(PutOutcome.Unavailable, "no answer"));
            case 4 when !IsThere(put):
                // Taken by nothing: no answer that an object could be deleted on.
                return Away(new PutResult(PutOutcome.AlreadyThere));
            case 5:
                There();
                _refusals[put.Key] = _refusals.GetValueOrDefault(put.Key) + 1;
                return new PutResult(PutOutcome.Rejected, "refused");
            default:
                There();
                return null;
        }
    }

    /// <summary>Trouble comes in stretches: nearly always, at times, never.</summary>
    private int Mood()
    {
        if (Moods-- <= 0)
        {
            return -1;
        }

        if (_leftOfMood-- <= 0)
        {
            _leftOfMood = _random.Next(1, 25);
            _trouble = _random.Next(4) switch { 0 => 0.97, 1 => 0.5, 2 => 0.2, _ => 0 };
        }

        return _random.NextDouble() < _trouble ? _random.Next(6) : -1;
    }

    private bool IsThere(ObjectPut put) => Store.Objects.Any(o => o.Key == put.Key);

    private void PlantOnce(ObjectPut put)
    {
        if (!IsThere(put))
        {
            Store.Plant(ScriptedStore.Landed(put));
        }
    }

    private PutResult? Away(PutResult? answer)
    {
        Departures += InARow == 0 ? 1 : 0;
        InARow++;
        Failures++;
        _failedAt = _time.GetTimestamp();
        return answer;
    }

    private void There() => InARow = 0;

    private void CheckPause()
    {
        if (InARow == 0 || HadOnlyParked)
        {
            return;
        }

        TimeSpan pause = _time.GetElapsedTime(_failedAt);
        LongestPause = pause > LongestPause ? pause : LongestPause;
        if (pause > Bound || pause < TimeSpan.FromMilliseconds(1))
        {
            Breaches.Add($"Try {Tries + 1} came {pause} after failure {InARow} in a row, whose bound is {Bound}.");
        }
    }
}
