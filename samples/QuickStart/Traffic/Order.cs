namespace QuickStart.Traffic;

internal sealed record Order(Guid Id, string Customer, DateTime PlacedAt, PaymentKind Kind, OrderLine[] Lines, Address ShipTo, string? Coupon)
{
    public decimal Total => Lines.Sum(line => line.Price * line.Quantity);
}

internal sealed record OrderLine(string Sku, int Quantity, decimal Price);

internal sealed record Address(string Street, string City, string Country);

internal enum PaymentKind
{
    Card,
    Transfer,
    Invoice,
}
