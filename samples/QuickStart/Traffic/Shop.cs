using System.Diagnostics;
using Serilog;

namespace QuickStart.Traffic;

/// <summary>
/// A web shop as its log shows it. One instance belongs to one thread; the same seed gives the same events, but for what the
/// runtime makes itself: timestamps, and the trace ids of the activities.
/// </summary>
internal sealed class Shop
{
    // No scenario logs more, so that a thread can end at exactly the number it was asked for.
    private const int LongestScenario = 8;

    private readonly ILogger _log;
    private readonly ShopData _data;

    private Shop(ILogger log, int thread, int seed)
    {
        _log = log;
        _data = new ShopData(new Random((seed * 31) + thread));
    }

    /// <summary>Logs that many events on the calling thread.</summary>
    /// <param name="log">Where to.</param>
    /// <param name="thread">The thread's number.</param>
    /// <param name="events">How many.</param>
    /// <param name="seed">Which ones.</param>
    /// <param name="afterScenario">Called when the log calls of a scenario have returned.</param>
    public static void Log(ILogger log, int thread, int events, int seed, Action? afterScenario = null)
    {
        Numbering.Begin(thread);
        Shop shop = new(log, thread, seed);
        while (Numbering.Logged < events)
        {
            if (events - Numbering.Logged < LongestScenario)
            {
                shop.Cache();
            }
            else
            {
                shop.Something();
            }

            afterScenario?.Invoke();
        }
    }

    private void Something()
    {
        switch (_data.Next(100))
        {
            case < 70:
                Request();
                break;
            case < 80:
                Cache();
                break;
            case < 88:
                new BackgroundWork(_log, _data).Job();
                break;
            case < 94:
                new BackgroundWork(_log, _data).Health();
                break;
            case < 99:
                new BackgroundWork(_log, _data).Mail();
                break;
            default:
                new BackgroundWork(_log, _data).Import();
                break;
        }
    }

    /// <summary>A request in an activity of its own: its events carry the same trace id.</summary>
    private void Request()
    {
        (string method, string path, string route) = _data.Route();
        using Activity activity = new Activity($"{method} {route}").Start();
        ILogger log = _log.ForContext("RequestId", _data.RequestId()).ForContext("SourceContext", "Shop.Web");
        log.Debug("Request {Method} {Path} from {ClientAddress} with {UserAgent}", method, path, _data.Address(), _data.UserAgent());
        Checkout checkout = new(log, _data);
        switch (route)
        {
            case "/orders":
                checkout.Place();
                break;
            case "/payments/{id}":
                checkout.Pay();
                break;
            default:
                checkout.Query();
                break;
        }

        int status = _data.Status();
        if (status >= 500)
        {
            log.Error("HTTP {Method} {Path} responded {StatusCode} in {Elapsed:0.0000} ms", method, path, status, _data.Milliseconds());
        }
        else
        {
            log.Information("HTTP {Method} {Path} responded {StatusCode} in {Elapsed:0.0000} ms", method, path, status, _data.Milliseconds());
        }
    }

    private void Cache() =>
        _log.Verbose("Cache {Cache} answered {Key} from {Tier}, hit {Hit}, age {Age}", "catalog", _data.Sku(), 'L', _data.Chance(90), _data.Duration());
}
