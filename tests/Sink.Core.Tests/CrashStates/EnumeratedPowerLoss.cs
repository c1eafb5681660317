using System.Globalization;
using Sink.Core.Tests.Fakes;

namespace Sink.Core.Tests.CrashStates;

/// <summary>
/// Answers the questions of a power loss in the order in which they are asked, by the digits of a number: 0 is the answer
/// that the whole state leans to (all kept, or all lost), beyond the last digit too. Notes how many answers each had.
/// </summary>
internal sealed class EnumeratedPowerLoss(bool leansToKept, IReadOnlyList<int> digits) : PowerLossChoice
{
    private readonly List<int> _answers = [];
    private List<string>? _words;

    /// <summary>For each question asked so far, how many answers it had.</summary>
    public IReadOnlyList<int> Answers => _answers;

    /// <summary>The answers that do not lean, in words; asked for before the loss.</summary>
    public List<string> Words => _words ??= [];

    public override WriteFate OfWrite(string path, long offset, int length)
    {
        List<(WriteFate Fate, int Tear)> fates = Fates(offset, length);
        (WriteFate fate, _tear) = fates[Ask(fates.Count, () => $"write of {length} bytes at {offset} of {path}")];
        Note(() => string.Create(CultureInfo.InvariantCulture, $"{fate}{(_tear > 0 ? $" at sector {_tear}" : "")}"));
        return fate;
    }

    public override int OfTear(string path, int boundaries) => _tear;

    public override bool KeepsTruncate(string path, long length) => Ask(2, () => $"truncation of {path} to {length}") == 0 == leansToKept;

    public override bool KeepsPage(string path, long offset) => throw new NotSupportedException("Versions of a page are one question.");

    public override int OfPage(string path, long offset, int versions)
    {
        int answer = Ask(versions + 1, () => $"page at {offset} of {path}");
        int version = leansToKept ? versions - answer : answer;
        Note(() => $"version {version} of {versions}");
        return version;
    }

    public override int OfName(string path, int bindings)
    {
        int answer = Ask(bindings, () => $"name {path}");
        int binding = leansToKept ? bindings - 1 - answer : answer;
        Note(() => $"meaning {binding} of {bindings}");
        return binding;
    }

    /// <summary>
    /// Kept, lost, lost but for the length, and torn: behind its first sector and behind its first page, with either side
    /// kept, for the page cache is written in any order.
    /// </summary>
    private List<(WriteFate Fate, int Tear)> Fates(long offset, int length)
    {
        List<(WriteFate, int)> fates = [(leansToKept ? WriteFate.Kept : WriteFate.Lost, 0), (leansToKept ? WriteFate.Lost : WriteFate.Kept, 0), (WriteFate.LostWithLength, 0)];
        long last = offset + length - 1;
        if (last / MemoryDisk.SectorBytes > offset / MemoryDisk.SectorBytes)
        {
            fates.Add((WriteFate.Torn, 1));
            fates.Add((WriteFate.TornBefore, 1));
        }

        int toPage = (int)(((offset / SparseBytes.PageBytes) + 1) * SparseBytes.PageBytes / MemoryDisk.SectorBytes - (offset / MemoryDisk.SectorBytes));
        if (last / SparseBytes.PageBytes > offset / SparseBytes.PageBytes && toPage > 1)
        {
            fates.Add((WriteFate.Torn, toPage));
            fates.Add((WriteFate.TornBefore, toPage));
        }

        return fates;
    }

    private int _tear;

    private int Ask(int answers, Func<string> question)
    {
        int digit = _answers.Count < digits.Count ? Math.Min(digits[_answers.Count], answers - 1) : 0;
        _answers.Add(answers);
        if (digit > 0)
        {
            _words?.Add(question());
        }

        _asked = digit > 0;
        return digit;
    }

    private bool _asked;

    private void Note(Func<string> answer)
    {
        if (_asked && _words is not null)
        {
            _words[^1] += ": " + answer();
        }
    }
}
