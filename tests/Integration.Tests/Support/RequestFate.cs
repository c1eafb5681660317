namespace Integration.Tests.Support;

/// <summary>What the proxy does with a request.</summary>
internal sealed record RequestFate
{
    /// <summary>It is passed on, and so is the answer.</summary>
    public static readonly RequestFate Passed = new();

    /// <summary>The server does it, and the connection ends without a word. .NET's own client then tries again by itself.</summary>
    public static readonly RequestFate CutOff = new() { LosesAnswer = true };

    /// <summary>The same, and the client finds its connection reset.</summary>
    public static readonly RequestFate ResetAfter = new() { LosesAnswer = true, Resets = true };

    /// <summary>The server does it, and the client hears that nobody answered.</summary>
    public static readonly RequestFate Unanswered = Taken(504, "");

    /// <summary>The connection ends when half of the body has come; the server hears no more either.</summary>
    public static readonly RequestFate CutInMidBody = new() { CutsBody = true };

    /// <summary>The same, by a reset.</summary>
    public static readonly RequestFate ResetInMidBody = new() { CutsBody = true, Resets = true };

    /// <summary>The server does it, and its answer ends in the middle of the head.</summary>
    public static readonly RequestFate CutInAnswer = new() { AnswerBytes = 20 };

    /// <summary>The connection is reset when the head of the request has come.</summary>
    public static readonly RequestFate ResetAtOnce = new() { IsUnheard = true, Resets = true };

    /// <summary>0: the server's own.</summary>
    public int Status { get; private init; }

    public string Code { get; private init; } = "";

    /// <summary>The server does it, and the client does not get its answer.</summary>
    public bool LosesAnswer { get; private init; }

    public bool IsUnheard { get; private init; }

    public bool CutsBody { get; private init; }

    /// <summary>Connections end by a reset, and not in order.</summary>
    public bool Resets { get; private init; }

    /// <summary>As much of the answer comes through.</summary>
    public int AnswerBytes { get; private init; } = int.MaxValue;

    /// <summary>Request and answer go on in pieces of so many bytes, with <see cref="Pause"/> before each; 0: as they come.</summary>
    public int PieceBytes { get; private init; }

    /// <summary>Before the answer, or before each piece.</summary>
    public TimeSpan Pause { get; private init; }

    /// <summary>Awaited when half of the body has been passed on.</summary>
    public Func<Task> InMidBody { get; private init; } = static () => Task.CompletedTask;

    /// <summary>The server never hears of it.</summary>
    public static RequestFate Refused(int status, string code) => new() { Status = status, Code = code };

    /// <summary>The server does it, and the client hears this.</summary>
    public static RequestFate Taken(int status, string code) => new() { Status = status, Code = code, LosesAnswer = true };

    public static RequestFate Late(TimeSpan pause) => new() { Pause = pause };

    public static RequestFate Trickled(int pieceBytes, TimeSpan pause) => new() { PieceBytes = pieceBytes, Pause = pause };

    /// <summary>The body does not go on from its half before that has ended.</summary>
    public static RequestFate Held(Func<Task> inMidBody) => new() { InMidBody = inMidBody };

    public static RequestFate With(Action inMidBody) => new()
    {
        InMidBody = () =>
        {
            inMidBody();
            return Task.CompletedTask;
        },
    };
}
