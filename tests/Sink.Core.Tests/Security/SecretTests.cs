using System.Collections;
using System.Diagnostics.Metrics;
using System.Reflection;
using System.Text;
using Sink.Core.Tests.Journals;

namespace Sink.Core.Tests.Security;

/// <summary>
/// Credentials that can be known again are given in each way there is, and requests fail; then everything that a user, a log or a
/// disk gets to see is searched for them. Alone: variables, standard error and the meter are the process's.
/// </summary>
[Collection(typeof(ProcessWide))]
public sealed class SecretTests : IDisposable
{
    private const string KeyId = "AKIAVISIBLEKEYID";
    private const string Secret = "SECRETKEYSECRETKEYSECRETKEYSECRETKEY9999";
    private const string Token = "SESSIONTOKENSESSIONTOKEN8888";

    private static readonly string[] _secrets = [Secret, Token, "USERSPASSWORD"];

    private readonly string _home = Directory.CreateTempSubdirectory("secrets-").FullName;
    private readonly Dictionary<string, string?> _variables = [];
    private readonly TextWriter _standardError = Console.Error;
    private readonly StringWriter _printed = new();
    private readonly List<string> _tags = [];
    private readonly MeterListener _meter = new();

    public SecretTests()
    {
        foreach (string name in Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(name => name.StartsWith("AWS_", StringComparison.Ordinal)).ToArray())
        {
            Set(name, null);
        }

        Set("AWS_EC2_METADATA_DISABLED", "true");
        Set("AWS_SHARED_CREDENTIALS_FILE", Path.Join(_home, "credentials"));
        Set("AWS_CONFIG_FILE", Path.Join(_home, "config"));
        Console.SetError(_printed);
        _meter.InstrumentPublished = static (instrument, self) =>
        {
            if (instrument.Meter.Name == "S3Journal")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        _meter.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Keep(instrument, tags));
        _meter.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Keep(instrument, tags));
        _meter.Start();
    }

    public enum Way
    {
        Options,
        Variables,
        Profile,
    }

    public void Dispose()
    {
        _meter.Dispose();
        Console.SetError(_standardError);
        foreach ((string name, string? value) in _variables)
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        Directory.Delete(_home, recursive: true);
    }

    [Theory]
    [InlineData(Way.Options, true, true)]
    [InlineData(Way.Variables, true, true)]
    [InlineData(Way.Profile, true, true)]
    [InlineData(Way.Options, true, false)]
    [InlineData(Way.Options, false, true)]
    public async Task ARefusedOrUnreachableStoreTellsNoSecret(Way way, bool answers, bool listens)
    {
        using EchoingServer server = new(refuses: true);
        if (!answers)
        {
            server.Dispose();
        }

        JournalBench bench = new();
        List<JournalFailure> failures = [];
        StringBuilder seen = new();
        using (Journal journal = Journal.Open(Options(bench, way, server, listens ? failures : null)))
        {
            for (int i = 0; i < 10; i++)
            {
                JournalBench.Append(journal, i);
            }

            Task<FlushResult> flush = journal.FlushAsync();
            JournalBench.Until(() => journal.GetStats().Queue.Retried > 1 && journal.GetStats().LastError is not null);
            if (!listens)
            {
                JournalBench.Until(() => _printed.ToString().Length > 0);
            }

            _meter.RecordObservableInstruments();
            seen.AppendLine($"{journal.GetStats()} {journal.GetStats().LastError}");
            journal.Dispose();
            Dump(seen, await Assert.ThrowsAsync<JournalException>(() => flush.WaitAsync(JournalBench.Generous)));
        }

        lock (failures)
        {
            Assert.Equal(listens, failures.Count > 0);
            foreach (JournalFailure failure in failures)
            {
                seen.AppendLine(failure.ToString());
                Dump(seen, failure.Exception);
            }
        }

        foreach (string file in bench.Disk.ListFiles())
        {
            seen.AppendLine(file).AppendLine(Encoding.Latin1.GetString(bench.Disk.ReadFile(file)));
        }

        lock (_tags)
        {
            seen.AppendJoin('\n', _tags);
        }

        seen.Append(_printed);

        // The search finds what is there: the key's id is no secret, and named in messages; the server saw the token.
        string all = seen.ToString();
        Assert.Contains(answers ? KeyId : "cannot be reached", all, StringComparison.Ordinal);
        Assert.Contains("x-amz-meta", string.Concat(server.Heads) + (answers ? "" : "x-amz-meta"), StringComparison.OrdinalIgnoreCase);
        Assert.All(server.Heads, head => Assert.Contains(Token, head, StringComparison.Ordinal));
        Assert.All(server.Heads.Select(head => head.Split("\r\n").Single(line => line.StartsWith("x-amz-meta-", StringComparison.OrdinalIgnoreCase))), AssertHoldsNone);
        AssertHoldsNone(all);
    }

    [Theory]
    [InlineData("s3://AKIAVISIBLEKEYID:USERSPASSWORD@bucket/logs", null)]
    [InlineData("s3://bucket/logs?secret=USERSPASSWORD", null)]
    [InlineData("file://user:USERSPASSWORD@host/dir", null)]
    [InlineData("https://user:USERSPASSWORD@host/bucket", null)]
    [InlineData("s3://bucket/logs", "http://user:USERSPASSWORD@host:9000")]
    [InlineData("s3://bucket/logs", "http://host:9000/?token=USERSPASSWORD")]
    [InlineData("s3://bucket/logs", "USERSPASSWORD")]
    public void AMistakeInTheConfigurationIsToldWithoutTheSecretInIt(string destination, string? endpoint)
    {
        JournalBench bench = new();
        JournalOptions options = bench.Options(o =>
        {
            o.Destination = destination;
            o.S3 = new S3Options { Endpoint = endpoint, AccessKeyId = KeyId, SecretAccessKey = Secret + " ", SessionToken = Token };
        });
        JournalException wrong = Assert.Throws<JournalException>(() => Journal.Open(options));
        Assert.True(wrong.IsConfiguration);
        StringBuilder seen = new();
        Dump(seen, wrong);
        Assert.Contains(endpoint is null ? "Destination" : "S3.Endpoint", seen.ToString(), StringComparison.Ordinal);
        AssertHoldsNone(seen.ToString());
    }

    [Fact]
    public void OptionsThatDifferOnlyInSecretsAreComparedWithoutNamingThem()
    {
        using EchoingServer server = new(refuses: true);
        JournalBench bench = new();
        using Journal journal = Journal.Open(Options(bench, Way.Options, server, null));
        JournalException refused = Assert.Throws<JournalException>(() =>
        {
            JournalOptions other = Options(bench, Way.Options, server, null);
            other.S3.SecretAccessKey = "USERSPASSWORD";
            other.S3.SessionToken = null;
            other.S3.AccessKeyId = "AKIAOTHERKEYID";
            Journal.Open(other);
        });
        Assert.Contains("AKIAOTHERKEYID", refused.Message, StringComparison.Ordinal);
        AssertHoldsNone(refused.ToString());
    }

    private JournalOptions Options(JournalBench bench, Way way, EchoingServer server, List<JournalFailure>? failures)
    {
        JournalOptions options = new()
        {
            Destination = "s3://bucket/logs",
            LocalDirectory = bench.Options().LocalDirectory,
            OpenDirectory = bench.Options().OpenDirectory,
            Id = "web01",
            RingBytes = 64 << 10,
            MaxEntryBytes = 8 << 10,
            MinFreeDiskBytes = 0,
            ShutdownTimeout = TimeSpan.Zero,
            S3 = new S3Options { Endpoint = server.Endpoint },
        };
        switch (way)
        {
            case Way.Options:
                (options.S3.AccessKeyId, options.S3.SecretAccessKey, options.S3.SessionToken) = (KeyId, Secret, Token);
                break;
            case Way.Variables:
                Set("AWS_ACCESS_KEY_ID", KeyId);
                Set("AWS_SECRET_ACCESS_KEY", Secret);
                Set("AWS_SESSION_TOKEN", Token);
                break;
            default:
                File.WriteAllText(Path.Join(_home, "credentials"), $"[mine]\naws_access_key_id={KeyId}\naws_secret_access_key={Secret}\naws_session_token={Token}\n");
                options.S3.Profile = "mine";
                break;
        }

        if (failures is not null)
        {
            options.OnFailure(failure =>
            {
                lock (failures)
                {
                    failures.Add(failure);
                }
            });
        }

        return options;
    }

    private static void AssertHoldsNone(string text)
    {
        foreach (string secret in _secrets)
        {
            int at = text.IndexOf(secret, StringComparison.Ordinal);
            Assert.True(at < 0, $"{secret} in: {(at < 0 ? "" : text[Math.Max(0, at - 300)..Math.Min(text.Length, at + 100)])}");
        }
    }

    /// <summary>All that a logger may print of an exception: its text, and its public properties as deep as they go.</summary>
    private static void Dump(StringBuilder seen, object? value, int depth = 0)
    {
        if (value is null || depth > 4)
        {
            return;
        }

        seen.AppendLine(value.ToString());
        if (value is string || value.GetType().IsPrimitive || value is Type or MethodBase or Assembly or Module)
        {
            return;
        }

        if (value is IEnumerable many)
        {
            foreach (object? one in many)
            {
                Dump(seen, one, depth + 1);
            }

            return;
        }

        foreach (PropertyInfo property in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(static p => p.GetIndexParameters().Length == 0))
        {
            try
            {
                Dump(seen, property.GetValue(value), depth + 1);
            }
            catch (TargetInvocationException)
            {
                // Nothing to be had there.
            }
        }
    }

    private void Set(string name, string? value)
    {
        _variables.TryAdd(name, Environment.GetEnvironmentVariable(name));
        Environment.SetEnvironmentVariable(name, value);
    }

    private void Keep(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (_tags)
        {
            _tags.Add($"{instrument.Name} {string.Join(' ', tags.ToArray())}");
        }
    }
}
