namespace Sink.Core.Tests.Fakes;

/// <summary>A power loss whose outcome a test spells out; what it leaves open is kept.</summary>
internal sealed class ScriptedPowerLoss : PowerLossChoice
{
    public Func<string, long, WriteFate> Write { get; init; } = (_, _) => WriteFate.Kept;

    public Func<int, int> Tear { get; init; } = _ => 1;

    public Func<string, bool> Truncate { get; init; } = _ => true;

    public Func<string, long, bool> Page { get; init; } = (_, _) => true;

    /// <summary>Gets the path and the number of bindings.</summary>
    public Func<string, int, int> Name { get; init; } = (_, bindings) => bindings - 1;

    public override WriteFate OfWrite(string path, long offset, int length) => Write(path, offset);

    public override int OfTear(string path, int boundaries) => Tear(boundaries);

    public override bool KeepsTruncate(string path, long length) => Truncate(path);

    public override bool KeepsPage(string path, long offset) => Page(path, offset);

    public override int OfName(string path, int bindings) => Name(path, bindings);
}
