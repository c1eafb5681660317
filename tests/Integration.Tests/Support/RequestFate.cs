namespace Integration.Tests.Support;

/// <summary>What the proxy does with a request.</summary>
internal sealed record RequestFate
{
    /// <summary>It is passed on, and so is the answer.</summary>
    public static readonly RequestFate Passed = new();

    /// <summary>The server does it, and the connection ends without a word. .NET's own client then tries again by itself.</summary>
    public static readonly RequestFate CutOff = new() { LosesAnswer = true };

    /// <summary>The server does it, and the client hears that nobody answered.</summary>
    public static readonly RequestFate Unanswered = new() { LosesAnswer = true, SaysSo = true };

    /// <summary>0: passed on.</summary>
    public int Status { get; private init; }

    public string Code { get; private init; } = "";

    public bool LosesAnswer { get; private init; }

    public bool SaysSo { get; private init; }

    /// <summary>Awaited when half of the body has been passed on.</summary>
    public Func<Task> InMidBody { get; private init; } = static () => Task.CompletedTask;

    public static RequestFate Refused(int status, string code) => new() { Status = status, Code = code };

    public static RequestFate With(Action inMidBody) => new()
    {
        InMidBody = () =>
        {
            inMidBody();
            return Task.CompletedTask;
        },
    };
}
