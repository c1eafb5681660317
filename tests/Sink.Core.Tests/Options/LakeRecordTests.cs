using System.Text;
using System.Text.Json.Nodes;
using Sink.Core.Delivery;
using Sink.Core.Tests.Format;

namespace Sink.Core.Tests.Options;

/// <summary>Each rule of the data lake's record, for documents of any writer.</summary>
public class LakeRecordTests
{
    private static readonly string _golden = Encoding.UTF8.GetString(GoldenFile.Read("foreign.json"));

    [Fact]
    public void AnotherSystemsDocumentIsReadWhole()
    {
        LakeRecord expected = new()
        {
            Start = 1_426_809_600_000,
            End = 1_451_214_080_954,
            Where = "web01-eu_west",
            What = "syslog",
            WorkId = "job1234",
            DataVersion = "v2-B",
            Id = "00112233445566778899aabbccddeeff",
            Hash = "70373dec2de49d566fc1e34bacca7561",
            Path = "/var/log/jobs/job-1234.log",
            IsOfJournal = false,
        };

        Assert.True(LakeRecord.TryParse(_golden, out LakeRecord? read, out string error), error);
        Assert.Equal(expected, read);
    }

    [Fact]
    public void AJournalsDocumentIsSuchARecordToo()
    {
        string document = Encoding.ASCII.GetString(GoldenFile.Read("metadata.json"));

        Assert.True(LakeRecord.TryParse(document, out LakeRecord? read, out string error), error);
        Assert.True(read.IsOfJournal);
        Assert.Equal(("web01-local", "orders-api"), (read.Where, read.What));
        Assert.Equal("00112233445566778899aabbccddeeff", read.Id);
    }

    [Theory]
    [InlineData("end", null)]
    [InlineData("end", "1426809600000")]
    [InlineData("start", "-62135596800000")]
    [InlineData("start", "-0")]
    [InlineData("end", "253402300799999")]
    [InlineData("work_id", "null")]
    [InlineData("work_id", "\"nul\"")]
    [InlineData("work_id", "\"-\"")]
    [InlineData("data-version", "\"2026-11-22_B\"")]
    [InlineData("path", "\"C:\\\\logs\\\\a.log\"")]
    [InlineData("path", "\"/\"")]
    [InlineData("path", "\"/caf\\u00e9 \\ud83d\\ude00\"")]
    [InlineData("id", "\"job/1234 of M\\u00fcller\"")]
    [InlineData("where", "\"_\"")]
    [InlineData("unknown", "[[[{}]]]")]
    [InlineData("unknown", "1e999")]
    [InlineData("unknown", "\"\\ud83d\"")]
    public void WhatIsWithinTheRulesIsTaken(string key, string? value) =>
        Assert.True(LakeRecord.TryParse(With(key, value), out _, out string error), error);

    [Theory]
    [InlineData("work_id")]
    [InlineData("data-version")]
    [InlineData("path")]
    public void WhatMayBeMissingIsNullThen(string key)
    {
        Assert.True(LakeRecord.TryParse(Without(key), out LakeRecord? read, out string error), error);
        Assert.Null(key switch { "work_id" => read.WorkId, "path" => read.Path, _ => read.DataVersion });
    }

    [Theory]
    [InlineData("version")]
    [InlineData("start")]
    [InlineData("end")]
    [InlineData("where")]
    [InlineData("what")]
    [InlineData("id")]
    [InlineData("hash")]
    public void WhatMustBeThereIsNamedWhenItIsNot(string key)
    {
        Assert.False(LakeRecord.TryParse(Without(key), out LakeRecord? read, out string error));
        Assert.Null(read);
        Assert.StartsWith($"{key} is missing, or not ", error);
    }

    [Theory]
    [InlineData("version", "1", "is not 0")]
    [InlineData("version", "-1", "whole number in its range")]
    [InlineData("version", "\"0\"", "whole number")]
    [InlineData("version", "false", "whole number")]
    [InlineData("version", "null", "whole number")]
    [InlineData("version", "0.0", "whole number")]
    [InlineData("start", "null", "whole number")]
    [InlineData("start", "true", "whole number")]
    [InlineData("start", "1426809600000.5", "whole number")]
    [InlineData("start", "1.4268096e12", "whole number")]
    [InlineData("start", "\"2015-03-20\"", "whole number")]
    [InlineData("start", "[1426809600000]", "whole number")]
    [InlineData("start", "253402300800000", "in its range")]
    [InlineData("start", "-62135596800001", "in its range")]
    [InlineData("start", "9223372036854775808", "in its range")]
    [InlineData("start", "1e999", "in its range")]
    [InlineData("end", "1426809599999", "is before start")]
    [InlineData("end", "253402300800000", "in its range")]
    [InlineData("end", "false", "whole number")]
    [InlineData("where", "\"\"", "or none")]
    [InlineData("where", "\"Web01\"", "holds other characters")]
    [InlineData("where", "\"web01\\n\"", "holds other characters")]
    [InlineData("where", "\"web.01\"", "holds other characters")]
    [InlineData("where", "\"w\\u0435b\"", "holds other characters")]
    [InlineData("where", "\"web\\u0000\"", "holds other characters")]
    [InlineData("where", "\"web\\u0660\"", "holds other characters")]
    [InlineData("where", "7", "not a string")]
    [InlineData("where", "null", "not a string")]
    [InlineData("what", "\"orders/api\"", "holds other characters")]
    [InlineData("what", "\" \"", "holds other characters")]
    [InlineData("what", "{}", "not a string")]
    [InlineData("work_id", "\"null\"", "is the word \"null\"")]
    [InlineData("work_id", "\"\"", "or none")]
    [InlineData("work_id", "\"Job1\"", "holds other characters")]
    [InlineData("work_id", "\"job1\\n\"", "holds other characters")]
    [InlineData("work_id", "false", "not a string")]
    [InlineData("data-version", "\"\"", "or none")]
    [InlineData("data-version", "\"1.0\"", "holds other characters")]
    [InlineData("data-version", "\"v1\\n\"", "holds other characters")]
    [InlineData("data-version", "\"v\\u00e9\"", "holds other characters")]
    [InlineData("data-version", "1", "not a string")]
    [InlineData("data-version", "null", "not a string")]
    [InlineData("id", "\"\"", "is empty")]
    [InlineData("id", "\"a\\u0007b\"", "control character")]
    [InlineData("id", "\"a\\u0085b\"", "control character")]
    [InlineData("id", "12", "not a string")]
    [InlineData("hash", "\"CAE66941d9efbd404e4d88758ea67670\"", "32 lower-case hex")]
    [InlineData("hash", "\"cae66941d9efbd404e4d88758ea67670\\n\"", "32 lower-case hex")]
    [InlineData("hash", "\"cae66941\"", "32 lower-case hex")]
    [InlineData("hash", "null", "not a string")]
    [InlineData("path", "\"var/log\"", "is not an absolute path")]
    [InlineData("path", "\"\"", "is not an absolute path")]
    [InlineData("path", "\"C:\"", "is not an absolute path")]
    [InlineData("path", "\"C:a.log\"", "is not an absolute path")]
    [InlineData("path", "\"/a\\u0000b\"", "is not an absolute path")]
    [InlineData("path", "null", "not a string")]
    public void WhatIsOutsideItsRuleIsRefusedByName(string key, string value, string fault)
    {
        Assert.False(LakeRecord.TryParse(With(key, value), out LakeRecord? read, out string error));
        Assert.Null(read);
        Assert.StartsWith(key + " ", error);
        Assert.Contains(fault, error);
    }

    [Theory]
    [InlineData("where", "\"a\\ud83d\"")]
    [InlineData("id", "\"\\ude00\\ud83d\"")]
    [InlineData("path", "\"/\\ud83d\"")]
    [InlineData("id", "\"a\nb\"")]
    [InlineData("start", "01")]
    [InlineData("start", "+1")]
    [InlineData("start", "NaN")]
    public void WhatJsonHasNotIsNoDocument(string key, string value)
    {
        Assert.False(LakeRecord.TryParse(With(key, value), out _, out string error));
        Assert.StartsWith("is not JSON: ", error);
    }

    [Fact]
    public void HalfACharacterThatIsNotEscapedIsRefusedAnywhere()
    {
        Assert.False(LakeRecord.TryParse($"{_golden[..^1]},\"unknown\":\"\ud83d\"}}", out _, out string error));
        Assert.StartsWith("is not JSON: ", error);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("0")]
    [InlineData("{\"version\":0} {}")]
    [InlineData("{\"version\":0,}")]
    public void WhatIsNoObjectIsRefused(string document)
    {
        Assert.False(LakeRecord.TryParse(document, out _, out string error));
        Assert.NotEqual("", error);
    }

    [Theory]
    [InlineData("\"where\"")]
    [InlineData("\"wher\\u0065\"")]
    [InlineData("\"team\"")]
    public void AKeyThatStandsTwiceIsRefused(string key)
    {
        Assert.False(LakeRecord.TryParse($"{_golden[..^1]},{key}:\"web01-eu_west\"}}", out _, out string error));
        Assert.StartsWith("is not JSON: ", error);
    }

    [Fact]
    public void ADocumentThatIsFarTooLongIsNotReadAtAll()
    {
        string longest = With("unknown", $"\"{new string('x', LakeRecord.LongestDocument - With("unknown", "\"\"").Length)}\"");
        Assert.True(LakeRecord.TryParse(longest, out _, out string error), error);
        Assert.False(LakeRecord.TryParse(longest + " ", out _, out error));
        Assert.Equal("is longer than 65536 characters", error);
    }

    private static string With(string key, string? value) => $"{Without(key)[..^1]},\"{key}\":{value ?? "null"}}}";

    private static string Without(string key)
    {
        JsonObject json = JsonNode.Parse(_golden)!.AsObject();
        json.Remove(key);
        return json.ToJsonString();
    }
}
