using Serilog;

namespace QuickStart.Traffic;

/// <summary>What happens outside requests, without a trace id.</summary>
internal sealed class BackgroundWork
{
    private static readonly string[] _jobs = ["invoices", "stock-sync", "search-index", "clean-up"];

    private readonly ILogger _log;
    private readonly ShopData _data;

    public BackgroundWork(ILogger log, ShopData data)
    {
        _log = log.ForContext("SourceContext", "Shop.Background");
        _data = data;
    }

    public void Job()
    {
        string job = _jobs[_data.Next(_jobs.Length)];
        _log.Information("Job {Job} started, last run {LastRun:yyyy-MM-dd HH:mm}", job, _data.Time());
        _log.Information("Job {Job} finished after {Duration}, {Items} items, next run {NextRun}", job, _data.Duration(), _data.Next(100_000), new DateTimeOffset(_data.Time(), TimeSpan.Zero));
    }

    public void Health()
    {
        Dictionary<string, bool> checks = new() { ["database"] = true, ["queue"] = _data.Chance(95), ["bank"] = _data.Chance(90) };
        HealthState state = checks.ContainsValue(false) ? HealthState.Degraded : HealthState.Healthy;
        _log.Information("Health is {State}: {Checks}, load {Load}, free bytes {FreeBytes}", state, checks, _data.Fraction(), _data.Bytes());
    }

    public void Mail()
    {
        string[] recipients = [_data.Customer(), _data.Customer()];
        _log.Information("Mail {MailId} to {Recipients} queued at {Time}, size {Size:N0}", _data.Guid(), recipients, TimeOnly.FromDateTime(_data.Time()), _data.Next(1_000_000));
    }

    public void Import()
    {
        try
        {
            _ = int.Parse(_data.Comment(), provider: null);
        }
        catch (FormatException e)
        {
            _log.Error(e, "Import of {File} stopped at line {Line}; positions {@Positions}", new Uri($"https://supplier.example/feed/{_data.Sku()}.csv"), _data.Next(9999), new[] { new { Row = 1, Column = _data.Next(80) }, new { Row = 2, Column = _data.Next(80) } });
        }
    }

    private enum HealthState
    {
        Healthy,
        Degraded,
    }
}
