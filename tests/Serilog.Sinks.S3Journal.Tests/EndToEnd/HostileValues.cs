using System.Text.Json;
using Serilog.Core;
using Serilog.Sinks.S3Journal.Tests.Support;
using Sink.Core;

namespace Serilog.Sinks.S3Journal.Tests.EndToEnd;

/// <summary>Values that a stranger chooses (a user's name in the stream's template, the text of a property) stay values.</summary>
public sealed class HostileValues : IDisposable
{
    private static readonly string[] _values =
    [
        "..", ".", "../../etc/passwd", "/etc/passwd", "a/../b", "...", "%2e%2e", "%2E%2E%2F", "%252e", "%", "%00", "..\\..\\x", "C:\\x", "\\\\host\\share", "a\0b", "\0", "a\nb", "\r\n{\"@t\":\"2001-01-01T00:00:00Z\",\"@mt\":\"forged\"}",
        "\u0001", "\u007f", "\u0085", "\u2028", "\u2029", "\u202eexe.txt", "\ufeff", "\ufffe", "\uffff", "a\u0301", "\u00e1", "\ud83d", "\ude00", "\ude00\ud83d", "😀", "a ", " a", "a.", "CON", "_", "_overflow", "",
        "\"", "\"},\"@l\":\"Fatal\",\"x\":{\"", "</script>", "{Level}", "{0}", "'; DROP TABLE logs; --", "${jndi:ldap://x}", new string('a', 64), new string('a', 65), new string('a', 5_000), new string('/', 300), new string('.', 300),
    ];

    private readonly TestHome _home = new();
    private readonly Collector _fallback = new();

    [Fact]
    public async Task EachHasAStreamOfItsOwnBelowTheDestinationAndItsTextIsKept()
    {
        await using (Logger logger = new LoggerConfiguration()
            .WriteTo.FallbackChain(wt => wt.S3Journal(_home.Destination, _home.Local, stream: "users/{UserId}/x-{UserId}"), wt => wt.Sink(_fallback))
            .CreateLogger())
        {
            for (int i = 0; i < _values.Length; i++)
            {
                logger.ForContext("Number", i).Information("{UserId} came", _values[i]);
            }
        }

        Assert.Empty(_fallback.Events);
        Assert.Equal(["local", "store"], Directory.GetFileSystemEntries(_home.Root).Select(Path.GetFileName).Order());
        List<(string Stream, string Payload)> entries = await _home.ReadAsync();
        Assert.Equal(_values.Length, entries.Count);
        Assert.Equal(_values.Length, entries.Select(entry => entry.Stream).Distinct(StringComparer.Ordinal).Count());
        Assert.All(entries, entry =>
        {
            JsonElement document = JsonDocument.Parse(entry.Payload).RootElement;
            string value = _values[document.GetProperty("Number").GetInt32()];
            string segment = Journal.EncodeStreamSegment(value);
            Assert.Equal($"users/{segment}/x-{segment}", entry.Stream);
            Assert.Equal("{UserId} came", document.GetProperty("@mt").GetString());
            Assert.False(document.TryGetProperty("@l", out _));
            Assert.Equal(WithoutHalves(value), document.GetProperty("UserId").GetString());
        });
    }

    public void Dispose() => _home.Dispose();

    /// <summary>JSON in UTF-8 has no half of a character: it is replaced.</summary>
    private static string WithoutHalves(string value) => System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(value));
}
