using System.Globalization;
using CsCheck;

namespace Sink.Core.Tests.Model;

/// <summary>One step of a random life. A and B mean what the kind makes of them; Seed decides the rest.</summary>
internal readonly record struct ModelStep(StepKind Kind, int Lane, int A, int B, Trouble Trouble, int At, int Seed)
{
    private static readonly Gen<StepKind> _kinds = Gen.Frequency(
        (30, Gen.Const(StepKind.Append)),
        (14, Gen.Const(StepKind.Commit)),
        (10, Gen.Const(StepKind.Pack)),
        (6, Gen.Const(StepKind.Checkpoint)),
        (8, Gen.Const(StepKind.Seal)),
        (8, Gen.Const(StepKind.Deliver)),
        (4, Gen.Const(StepKind.PassTime)),
        (2, Gen.Const(StepKind.GiveUpOldest)),
        (2, Gen.Const(StepKind.Close)),
        (3, Gen.Const(StepKind.Reopen)),
        (4, Gen.Const(StepKind.Die)));

    private static readonly Gen<Trouble> _troubles = Gen.Frequency(
        (12, Gen.Const(Trouble.None)),
        (2, Gen.Const(Trouble.FailOnce)),
        (1, Gen.Const(Trouble.FailTwice)),
        (3, Gen.Const(Trouble.Crash)));

    public static Gen<ModelStep> Steps(int lanes) => Gen.Select(
        _kinds,
        Gen.Int[0, lanes - 1],
        Gen.Int[1, 16],
        Gen.Int[0, 11],
        _troubles,
        Gen.Int[1, 25],
        Gen.Int[0, 1_000_000],
        static (kind, lane, a, b, trouble, at, seed) => new ModelStep(kind, lane, a, b, trouble, at, seed));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"new(StepKind.{Kind}, {Lane}, {A}, {B}, Trouble.{Trouble}, {At}, {Seed})");
}
