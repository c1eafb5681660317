using Extensions.Logging.S3Journal.Tests.Support;
using Microsoft.Extensions.Logging;
using Sink.Core;

namespace Extensions.Logging.S3Journal.Tests.Payload;

public sealed class ScopesInEntriesAsJson() : ScopesInEntries(EntryEncoding.Json);

public sealed class ScopesInEntriesAsMessagePack() : ScopesInEntries(EntryEncoding.MessagePack);

public abstract class ScopesInEntries(EntryEncoding encoding)
{
    private readonly Logged _logged = new(encoding: encoding);

    [Fact]
    public void TheInnerScopeWinsOverTheOuterAndTheStateOverBoth()
    {
        using (_logged.Logger.BeginScope("{A} {B} {C}", "outer", "outer", "outer"))
        using (_logged.Logger.BeginScope(new Dictionary<string, object?> { ["B"] = "inner", ["C"] = "inner", ["D"] = null }))
        {
            _logged.Logger.LogInformation("{C}", "state");
        }

        Assert.EndsWith(""","@mt":"{C}","SourceContext":"Shop.Orders","C":"state","A":"outer","B":"inner","D":null}""", _logged.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void OfManyValuesTheLastOfEachNameCountsToo()
    {
        using (_logged.Logger.BeginScope(Enumerable.Range(0, 40).Select(i => new KeyValuePair<string, object?>($"N{i % 20}", i)).ToArray()))
        {
            _logged.LogState(new KeyValuePair<string, object?>[] { new("N3", "state"), new("N3", "state's last") });
        }

        Assert.Equal(20, _logged.Entry.EnumerateObject().Count(static p => p.Name.StartsWith('N')));
        Assert.Equal(24, _logged.Entry.GetProperty("N4").GetInt32());
        Assert.Equal("state's last", _logged.Entry.GetProperty("N3").GetString());
    }

    [Fact]
    public void ScopesWithoutNamesAreListedFromTheOutermostIn()
    {
        using (_logged.Logger.BeginScope("plain"))
        using (_logged.Logger.BeginScope("Request {RequestId}", "r1"))
        using (_logged.Logger.BeginScope(17))
        using (_logged.Logger.BeginScope(new[] { "a", "b" }))
        using (_logged.Logger.BeginScope(new Dictionary<string, int> { ["Depth"] = 3 }))
        {
            _logged.Logger.LogInformation("x");
        }

        Assert.EndsWith(""","@mt":"x","SourceContext":"Shop.Orders","RequestId":"r1","Scope":["plain",17,["a","b"],{"Depth":3}]}""", _logged.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void AScopeCanBeOneNamedValueOrALazySequenceOfThem()
    {
        using (_logged.Logger.BeginScope(new KeyValuePair<string, object?>("A", 1)))
        using (_logged.Logger.BeginScope(Enumerable.Range(0, 2).Select(i => new KeyValuePair<string, object?>($"N{i}", i))))
        using (_logged.Logger.BeginScope(Array.Empty<KeyValuePair<string, object?>>()))
        {
            _logged.Logger.LogInformation("x");
        }

        Assert.EndsWith(""","A":1,"N0":0,"N1":1}""", _logged.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void TheTemplateOfAScopeIsNotTheEntrys()
    {
        using (_logged.Logger.BeginScope("Request {RequestId}", "r1"))
        {
            _logged.LogState(17);
        }

        Assert.False(_logged.Entry.TryGetProperty("@mt", out _));
    }

    [Fact]
    public void ScopesCanBeLeftOut()
    {
        _logged.IncludesScopes = false;
        using (_logged.Logger.BeginScope("Request {RequestId}", "r1"))
        {
            _logged.Logger.LogInformation("x");
        }

        Assert.EndsWith(""","SourceContext":"Shop.Orders"}""", _logged.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void AScopeThatEndedIsGone()
    {
        _logged.Logger.BeginScope("Request {RequestId}", "r1")!.Dispose();

        _logged.Logger.LogInformation("x");

        Assert.EndsWith(""","SourceContext":"Shop.Orders"}""", _logged.Text, StringComparison.Ordinal);
    }
}
