using System.Text.Json;
using System.Text.Json.Serialization;

namespace Benchmarks.Results;

/// <summary>Everything one call of the benchmarks measured; <c>docs/performance.json</c> is one of these.</summary>
internal sealed record BenchResults(string Commit, string Date, bool Quick, Machine Machine, IReadOnlyList<CountResult> Counts, IReadOnlyList<PairResult> Pairs, IReadOnlyList<Omission> Omitted, IReadOnlyList<Remeasured>? Apart = null)
{
    private static readonly JsonSerializerOptions _json = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static BenchResults Read(string path) =>
        JsonSerializer.Deserialize<BenchResults>(File.ReadAllText(path), _json) ?? throw new InvalidDataException($"{path} holds nothing.");

    /// <summary>These, with what <paramref name="measured"/> has of some groups in place of theirs.</summary>
    public BenchResults With(BenchResults measured, IReadOnlyList<string> groups) => this with
    {
        Pairs = [.. Pairs.Where(pair => !groups.Contains(pair.Group)), .. measured.Pairs],
        Omitted = [.. Omitted.Where(omission => !groups.Contains(omission.Group)), .. measured.Omitted],
        Apart = [.. (Apart ?? []).Where(apart => !groups.Contains(apart.Group)), .. groups.Select(group => new Remeasured(group, measured.Commit, measured.Date, measured.Machine.LoadBefore))],
    };

    public void Write(string path) => File.WriteAllText(path, JsonSerializer.Serialize(this, _json) + "\n");
}
