namespace Sink.Core.Tests.Security;

/// <summary>Texts that somebody who may choose a user's name, a header or a path might try.</summary>
internal static class HostileNames
{
    public static IReadOnlyList<string> All { get; } =
    [
        "..", ".", "../../etc/passwd", "/etc/passwd", "a/../../b", "a/..", "./a", "...", ".hidden", "a/.hidden", "..a", "~", "~root", "-rf", "--",
        "%2e%2e", "%2E%2E/%2E%2E", "%2e%2e%2f", "%252e%252e", "%00", "..%2f..", "%2F", "%", "%5c..%5c", "..;/", "..\\..\\x", "a\\b", "C:\\x", "C:", "\\\\host\\share",
        "a\0b", "\0", "a\nb", "a\r\nX-Injected: 1", "\u0001", "\u007f", "\u0085", "\u2028", "\u200f\u202eexe.txt", "\ufeffa", "\ufffe", "\uffff", "a\u0301", "\u00e1",
        "\ud83d", "\ude00", "a\ud83d", "\ude00\ud83d", "😀", "größe", "日本語",
        "a ", " a", "a.", "a. .", "CON", "NUL.txt", "lock", "0", "ring", "checkpoint", "_overflow", "_", "",
        "a?versionId=1", "a#b", "a&b=c", "a+b", "a:b", "a*b", "a|b", "<a>", "\"a\"", "'a'", "{a}", "${jndi:ldap://x}", "$(reboot)", "`reboot`", "; rm -rf /",
        "//", "a//b", "/", "a/", "/a", "soap", "s3://other/key", "file:///etc/passwd",
        new string('a', 64), new string('a', 65), new string('a', 255), new string('a', 256), new string('a', 257), new string('a', 70_000), new string('/', 300), new string('.', 300), new string('ж', 200), new string('%', 100),
        string.Join('/', Enumerable.Repeat("a", 128)), string.Join('/', Enumerable.Repeat("..", 100)),
    ];
}
