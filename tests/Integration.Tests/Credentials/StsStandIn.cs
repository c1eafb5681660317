using System.Globalization;
using System.Net;
using System.Text;
using Integration.Tests.Support;

namespace Integration.Tests.Credentials;

/// <summary>A request that came to the stand-in.</summary>
/// <param name="Fields">The form: Action, RoleArn and so on.</param>
/// <param name="KeyId">The access key that signed it, or null.</param>
/// <param name="Region">The region it was signed for, or null.</param>
/// <param name="IsTraced">It carried a trace header.</param>
internal sealed record StsRequest(IReadOnlyDictionary<string, string> Fields, string? KeyId, string? Region, bool IsTraced)
{
    public string? this[string field] => Fields.GetValueOrDefault(field);
}

/// <summary>What the stand-in answers.</summary>
internal sealed record StsAnswer(int Status, string Body)
{
    /// <summary>None, until the client has gone.</summary>
    public static readonly StsAnswer None = new(0, "");

    public static StsAnswer Keys(string keyId, string secret, string token, TimeSpan? life = null)
    {
        string expiration = (TimeProvider.System.GetUtcNow() + (life ?? TimeSpan.FromHours(1))).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        return new StsAnswer(200, $"<Credentials><AccessKeyId>{keyId}</AccessKeyId><SecretAccessKey>{secret}</SecretAccessKey><SessionToken>{token}</SessionToken><Expiration>{expiration}</Expiration></Credentials>");
    }

    public static StsAnswer Error(int status, string code, string message) =>
        new(status, $"<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error><RequestId>1</RequestId></ErrorResponse>");
}

/// <summary>Stands in for the Security Token Service: takes AssumeRole and AssumeRoleWithWebIdentity as the test tells it, and checks no signature.</summary>
internal sealed class StsStandIn : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly CancellationTokenSource _end = new();

    public StsStandIn()
    {
        Endpoint = $"http://127.0.0.1:{FreePort()}/";
        _listener.Prefixes.Add(Endpoint);
        _listener.Start();
        _ = ListenAsync();
    }

    public string Endpoint { get; }

    /// <summary>Asked at each request.</summary>
    public Func<StsRequest, StsAnswer> Answer { get; set; } = static _ => StsAnswer.Error(403, "AccessDenied", "Not yet.");

    public Watched<StsRequest> Requests { get; } = new();

    public void Dispose()
    {
        _end.Cancel();
        _listener.Close();
    }

    private async Task ListenAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.GetContextAsync());
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(HttpListenerContext context)
    {
        try
        {
            StsRequest request = await ReadAsync(context.Request);
            Requests.Add(request);
            StsAnswer answer = Answer(request);
            if (answer == StsAnswer.None)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, _end.Token);
            }

            string action = request["Action"]!;
            string body = answer.Status == 200 ? $"<{action}Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><{action}Result>{answer.Body}</{action}Result></{action}Response>" : answer.Body;
            context.Response.StatusCode = answer.Status;
            context.Response.ContentType = "text/xml";
            await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
            context.Response.Close();
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or OperationCanceledException)
        {
            context.Response.Abort();
        }
    }

    private static async Task<StsRequest> ReadAsync(HttpListenerRequest request)
    {
        using StreamReader body = new(request.InputStream);
        Dictionary<string, string> fields = (await body.ReadToEndAsync()).Split('&').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => WebUtility.UrlDecode(pair[1]));
        string[]? scope = request.Headers["Authorization"]?.Split("Credential=")[^1].Split(',')[0].Split('/');
        return new StsRequest(fields, scope?[0], scope?[2], request.Headers["traceparent"] is not null);
    }

    private static int FreePort()
    {
        using System.Net.Sockets.TcpListener probe = new(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
