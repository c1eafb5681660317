using Serilog;
using Serilog.Events;

namespace QuickStart.Traffic;

/// <summary>What happens within one request.</summary>
internal sealed class Checkout
{
    private readonly ILogger _log;
    private readonly ShopData _data;

    public Checkout(ILogger log, ShopData data)
    {
        _log = log;
        _data = data;
    }

    public void Query()
    {
        Dictionary<string, object?> parameters = new() { ["@sku"] = _data.Sku(), ["@limit"] = 1 + _data.Next(100), ["@after"] = _data.Chance(50) ? null : _data.Guid() };
        _log.Debug(
            "Executed {Command} in {ElapsedMs} ms, {Rows} rows, parameters {@Parameters}",
            "SELECT id, name, price FROM product WHERE sku = @sku AND id > @after LIMIT @limit",
            Math.Round(_data.Milliseconds(), 3),
            _data.Next(101),
            parameters);
    }

    public void Place()
    {
        Order order = _data.Order();
        Query();
        _log.Information("Order {OrderId} placed by {Customer}: {@Order}", order.Id, order.Customer, order);
        if (_data.Chance(20))
        {
            _log.Write(LogEventLevel.Information, "Customer {Customer} wrote {Comment}", order.Customer, _data.Comment());
        }

        if (order.Coupon is null)
        {
            _log.Verbose("No coupon on {OrderId}: {Coupon}", order.Id, order.Coupon);
        }
    }

    public void Pay()
    {
        Guid payment = _data.Guid();
        decimal amount = _data.Price();
        for (int attempt = 1; attempt <= 3; attempt++)
        {
            try
            {
                Charge(payment, amount);
                _log.Information(
                    "Payment {PaymentId} of {Amount} {Currency} by {Kind} settled on {ValueDate}, attempt {Attempt}", payment, amount, "EUR", _data.Kind(), _data.Day(), attempt);
                return;
            }
            catch (PaymentException e)
            {
                _log.Warning(e, "Payment {PaymentId} of {Amount} failed, attempt {Attempt}, decline code {DeclineCode}", payment, amount, attempt, e.DeclineCode);
            }
        }

        _log.Error("Payment {PaymentId} given up", payment);
    }

    private void Charge(Guid payment, decimal amount)
    {
        if (!_data.Chance(5))
        {
            return;
        }

        try
        {
            throw new TimeoutException($"The bank did not answer within {_data.Next(30)} s.");
        }
        catch (TimeoutException e)
        {
            throw new PaymentException($"Payment {payment} of {amount} was not settled.", _data.Chance(50) ? null : 40 + _data.Next(20), e);
        }
    }
}
