namespace Integration.Tests.Support;

/// <summary>What the proxy does with a request.</summary>
internal sealed record RequestFate
{
    /// <summary>It is passed on, and so is the answer.</summary>
    public static readonly RequestFate Passed = new();

    /// <summary>The server does it, and the client never hears so.</summary>
    public static readonly RequestFate Unanswered = new() { LosesAnswer = true };

    /// <summary>0: passed on.</summary>
    public int Status { get; private init; }

    public string Code { get; private init; } = "";

    public bool LosesAnswer { get; private init; }

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
