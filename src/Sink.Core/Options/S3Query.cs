using System.Globalization;

namespace Sink.Core.Options;

/// <summary>
/// Options that stand in an <c>s3://</c> destination's query. A destination is logged, compared and passed on: what may be a secret
/// has no place in it, and no message repeats what might be one.
/// </summary>
internal static class S3Query
{
    /// <summary>The longest name that a message repeats.</summary>
    private const int LongestShown = 30;

    private static readonly Option[] _known =
    [
        Text(nameof(S3Options.Region), static o => o.Region, static (o, v) => o.Region = v),
        Text(nameof(S3Options.Endpoint), static o => o.Endpoint, static (o, v) => o.Endpoint = v),
        Flag(nameof(S3Options.ForcePathStyle), static o => o.ForcePathStyle, static (o, v) => o.ForcePathStyle = v),
        Text(nameof(S3Options.Profile), static o => o.Profile, static (o, v) => o.Profile = v),
        Text(nameof(S3Options.RoleArn), static o => o.RoleArn, static (o, v) => o.RoleArn = v),
        Text(nameof(S3Options.RoleSessionName), static o => o.RoleSessionName, static (o, v) => o.RoleSessionName = v),
        Time(nameof(S3Options.ConnectTimeout), static o => o.ConnectTimeout, static (o, v) => o.ConnectTimeout = v),
        Time(nameof(S3Options.RequestTimeout), static o => o.RequestTimeout, static (o, v) => o.RequestTimeout = v),
        Text(nameof(S3Options.ServerSideEncryption), static o => o.ServerSideEncryption, static (o, v) => o.ServerSideEncryption = v),
        Text(nameof(S3Options.KmsKeyId), static o => o.KmsKeyId, static (o, v) => o.KmsKeyId = v),
        Flag(nameof(S3Options.BucketKey), static o => o.BucketKey, static (o, v) => o.BucketKey = v),
        Text(nameof(S3Options.StorageClass), static o => o.StorageClass, static (o, v) => o.StorageClass = v),
        Text(nameof(S3Options.CannedAcl), static o => o.CannedAcl, static (o, v) => o.CannedAcl = v),
        Text(nameof(S3Options.ExpectedBucketOwner), static o => o.ExpectedBucketOwner, static (o, v) => o.ExpectedBucketOwner = v),
        new(nameof(S3Options.RequestChecksum), "WhenRequired or Always", static o => o.RequestChecksum, static (o, v) => o.RequestChecksum = (S3RequestChecksum)v!, ChecksumOf),
        Size(nameof(S3Options.MultipartThresholdBytes), static o => o.MultipartThresholdBytes, static (o, v) => o.MultipartThresholdBytes = v),
        Size(nameof(S3Options.MultipartPartBytes), static o => o.MultipartPartBytes, static (o, v) => o.MultipartPartBytes = v),
    ];

    private static readonly string[] _secrets = ["accesskey", "secret", "token", "password", "pwd", "credential", "signature", "externalid"];

    /// <summary>Splits a query into its parts; null with what is wrong and what to do.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>>? Parse(string query, out string error)
    {
        error = "";
        string[] parts = query.Split('&', StringSplitOptions.RemoveEmptyEntries);
        List<KeyValuePair<string, string>> found = [];

        // Of all parts before any message: no other may then repeat a piece of a secret.
        if (parts.Any(static part => HoldsSecret(part)))
        {
            error = "has keys, a token or the like in its query, which is logged and passed on; give them as S3 options or by the environment, and take new ones for those that stood here";
            return null;
        }

        foreach (string part in parts)
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            string name = equals < 0 ? "" : part[..equals];
            string value = Uri.UnescapeDataString(part[(equals + 1)..]);
            if (Find(name) is not { } option)
            {
                string shown = name.Length is > 0 and <= LongestShown && name.All(char.IsAsciiLetter) ? $" \"{name}\"" : "";
                error = $"has an option{shown} in its query that is not known there; write {string.Join(", ", _known.Select(known => CamelCase(known.Name)))}, and others as S3 options";
            }
            else if (found.Exists(pair => pair.Key == option.Name))
            {
                error = $"has {CamelCase(option.Name)} twice in its query; keep one";
            }
            else if (value.Length == 0 || option.Parse(value) is null)
            {
                error = $"has {CamelCase(option.Name)} in its query with a value that cannot be read; write {option.Form}";
            }
            else
            {
                found.Add(KeyValuePair.Create(option.Name, value));
            }
        }

        return error.Length > 0 ? null : found;
    }

    /// <summary>The options together with those of the query; one that both give, and not alike, is a mistake.</summary>
    public static S3Options Apply(IReadOnlyList<KeyValuePair<string, string>> query, S3Options options, OptionChecks checks)
    {
        if (query.Count == 0)
        {
            return options;
        }

        S3Options both = options.Copy();
        S3Options defaults = new();
        foreach ((string name, string text) in query)
        {
            Option option = Find(name)!;
            object value = option.Parse(text)!;
            object? given = option.Get(options);
            if (given is not null && !given.Equals(option.Get(defaults)) && !given.Equals(value))
            {
                checks.Add($"S3.{name}", $"is given together with {CamelCase(name)} in Destination, and is another; leave one out");
            }

            option.Set(both, value);
        }

        return both;
    }

    private static bool HoldsSecret(string part)
    {
        string name = Uri.UnescapeDataString(part.Split('=')[0]).Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal);
        return Find(name) is null && _secrets.Any(secret => name.Contains(secret, StringComparison.OrdinalIgnoreCase));
    }

    private static Option? Find(string name) => Array.Find(_known, known => known.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static string CamelCase(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    private static Option Text(string name, Func<S3Options, string?> get, Action<S3Options, string?> set) =>
        new(name, "it as in the S3 option", get, (options, value) => set(options, (string?)value), static text => text);

    private static Option Flag(string name, Func<S3Options, bool?> get, Action<S3Options, bool?> set) =>
        new(name, "true or false", options => get(options), (options, value) => set(options, (bool?)value), static text => bool.TryParse(text, out bool flag) ? flag : null);

    private static Option Time(string name, Func<S3Options, TimeSpan> get, Action<S3Options, TimeSpan> set) =>
        new(name, "a time, such as 00:00:30", options => get(options), (options, value) => set(options, (TimeSpan)value!), static text => TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan time) ? time : null);

    private static Option Size(string name, Func<S3Options, long> get, Action<S3Options, long> set) =>
        new(name, "a number of bytes", options => get(options), (options, value) => set(options, (long)value!), static text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long size) ? size : null);

    private static object? ChecksumOf(string text) =>
        text.All(char.IsAsciiLetter) && Enum.TryParse(text, ignoreCase: true, out S3RequestChecksum checksum) ? checksum : null;

    /// <summary>An option under its name in <see cref="S3Options"/>, and the form of its values for messages.</summary>
    private sealed record Option(string Name, string Form, Func<S3Options, object?> Get, Action<S3Options, object?> Set, Func<string, object?> Parse);
}
