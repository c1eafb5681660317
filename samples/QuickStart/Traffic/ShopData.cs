using System.Net;

namespace QuickStart.Traffic;

/// <summary>Values of every kind, drawn from one random sequence.</summary>
internal sealed class ShopData
{
    private static readonly string[] _customers = ["ada", "grace.hopper", "Łukasz", "José Ñíguez", "李小龙", "o'brien", "Zoë"];
    private static readonly string[] _comments = ["please ring twice", "Grüße aus Köln", "leave at \"the back\" door\nthen call", "ありがとう 🎉", "C:\\temp\\list.txt\t<b>bold</b>", ""];
    private static readonly string[] _cities = ["Berlin", "São Paulo", "東京", "Reykjavík", "Toronto"];
    private static readonly int[] _statuses = [200, 200, 200, 200, 200, 200, 201, 204, 304, 404, 500, 503];

    private static readonly string[] _agents =
    [
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15",
        "curl/8.14.1",
    ];

    private static readonly (string Method, string Route)[] _routes =
        [("GET", "/products/{sku}"), ("GET", "/products/{sku}"), ("GET", "/search"), ("POST", "/orders"), ("PUT", "/payments/{id}"), ("DELETE", "/carts/{id}")];

    private readonly Random _random;

    public ShopData(Random random) => _random = random;

    public int Next(int below) => _random.Next(below);

    public bool Chance(int percent) => _random.Next(100) < percent;

    public double Fraction() => Math.Round(_random.NextDouble() * 4, 2);

    public double Milliseconds() => Math.Exp(_random.NextDouble() * 7) / 4;

    public long Bytes() => _random.NextInt64(1L << 40);

    public TimeSpan Duration() => TimeSpan.FromTicks(_random.NextInt64(TimeSpan.TicksPerHour));

    public DateTime Time() => new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(_random.Next(365 * 86_400));

    public DateOnly Day() => DateOnly.FromDateTime(Time());

    public decimal Price() => _random.Next(100, 100_000) / 100m;

    public string Sku() => $"SKU-{_random.Next(5_000):D5}";

    public string Customer() => Pick(_customers);

    public string Comment() => Pick(_comments);

    public string UserAgent() => Pick(_agents);

    public int Status() => Pick(_statuses);

    public PaymentKind Kind() => (PaymentKind)_random.Next(3);

    public IPAddress Address() => new([10, (byte)_random.Next(256), (byte)_random.Next(256), (byte)_random.Next(1, 255)]);

    public string RequestId() => $"0HN{_random.Next():X8}:{_random.Next(64):X8}";

    public Guid Guid()
    {
        Span<byte> bytes = stackalloc byte[16];
        _random.NextBytes(bytes);
        return new Guid(bytes);
    }

    public (string Method, string Path, string Route) Route()
    {
        (string method, string route) = Pick(_routes);
        string path = route.Replace("{sku}", Sku(), StringComparison.Ordinal).Replace("{id}", Guid().ToString(), StringComparison.Ordinal);
        return (method, path, route);
    }

    public Order Order()
    {
        OrderLine[] lines = new OrderLine[1 + _random.Next(4)];
        for (int i = 0; i < lines.Length; i++)
        {
            lines[i] = new OrderLine(Sku(), 1 + _random.Next(9), Price());
        }

        Address shipTo = new($"{1 + _random.Next(200)} Main Street", Pick(_cities), Chance(50) ? "DE" : "BR");
        return new Order(Guid(), Customer(), Time(), Kind(), lines, shipTo, Chance(30) ? $"SAVE{_random.Next(50)}" : null);
    }

    private T Pick<T>(T[] values) => values[_random.Next(values.Length)];
}
