using Sink.Core.Compressing;
using Sink.Core.Packing;

namespace Sink.Core.Tests.Options;

/// <summary>The text by which a checkpoint keeps them.</summary>
public class PackingSettingsTests
{
    private static readonly PackingSettings _settings = new("ndjson", Compression.Zstd, 1, "yyyy/MM/dd", "UTC");

    [Fact]
    public void EveryCompressionComesBack()
    {
        foreach (Compression compression in Enum.GetValues<Compression>())
        {
            PackingSettings settings = _settings with { Compression = compression, Level = -3 };
            Assert.Equal($"ndjson\n{compression}\n-3\nyyyy/MM/dd\nUTC", settings.ToString());
            Assert.Equal(settings, PackingSettings.TryParse(settings.ToString()));
        }
    }

    [Fact]
    public void ACompressorOfTheProgramsOwnComesBackWithAllThatSealingNeeds()
    {
        PackingSettings settings = _settings with { Custom = new FrameKind("own", ".own", "application/x-own; version=1") };

        Assert.Equal("ndjson\nown .own application/x-own; version=1\n0\nyyyy/MM/dd\nUTC", settings.ToString());
        Assert.Equal(settings, PackingSettings.TryParse(settings.ToString()));
    }

    [Theory]
    [InlineData("ndjson\nLz4\n1\nyyyy\nUTC")]
    [InlineData("ndjson\n7\n1\nyyyy\nUTC")]
    [InlineData("ndjson\nown .own\n1\nyyyy\nUTC")]
    [InlineData("csv\nZstd\n1\nyyyy\nUTC")]
    [InlineData("ndjson\nZstd\n1\nyyyy")]
    public void WhatThisVersionDoesNotKnowIsNotRead(string text) => Assert.Null(PackingSettings.TryParse(text));
}
