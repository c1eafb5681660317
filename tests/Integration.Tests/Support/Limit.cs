namespace Integration.Tests.Support;

/// <summary>How long tests wait for what must come: generous, for the machine may be busy with others.</summary>
internal static class Limit
{
    public static readonly TimeSpan Time = TimeSpan.FromSeconds(120);

    public static CancellationToken Token() => new CancellationTokenSource(Time).Token;
}
