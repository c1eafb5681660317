namespace Sink.Core.Delivery;

/// <summary>Exponential backoff with full jitter: each pause is a random part of a bound that doubles up to the greatest.</summary>
internal sealed class Backoff
{
    private readonly TimeSpan _least;
    private readonly TimeSpan _most;
    private readonly Func<double> _random;
    private TimeSpan _bound;

    /// <param name="least">The first bound.</param>
    /// <param name="most">The greatest bound.</param>
    /// <param name="random">Numbers from 0 to below 1.</param>
    public Backoff(TimeSpan least, TimeSpan most, Func<double> random)
    {
        _least = least;
        _most = most;
        _random = random;
        _bound = least;
    }

    /// <summary>The next pause, from 1 ms up to the bound.</summary>
    public TimeSpan Next()
    {
        TimeSpan pause = _bound * _random();
        _bound = _bound * 2 < _most ? _bound * 2 : _most;
        return pause > TimeSpan.FromMilliseconds(1) ? pause : TimeSpan.FromMilliseconds(1);
    }

    public void Reset() => _bound = _least;
}
