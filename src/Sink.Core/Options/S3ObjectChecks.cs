using System.Globalization;
using System.Text.RegularExpressions;
using Sink.Core.Delivery;
using Sink.Core.Delivery.S3;

namespace Sink.Core.Options;

/// <summary>Mistakes in what <see cref="S3Options"/> say of the objects that are put.</summary>
internal static partial class S3ObjectChecks
{
    /// <summary>Amazon's limit for tags: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html.</summary>
    private const int MostTags = 10;

    private const int LongestKeyId = 2048;

    /// <summary>What all names and values of user metadata may have together.</summary>
    private const int MetadataBytes = 2048;

    private const string HeaderPrefix = "x-amz-meta-";

    /// <summary>What is left beside our own document. Amazon counts names without the header's prefix, MinIO with it.</summary>
    internal static readonly int MetadataRoom = MetadataBytes - HeaderPrefix.Length - S3Store.MetadataName.Length - ObjectMetadata.MaxLength;

    private static readonly string[] _encryptions = ["AES256", "aws:kms", "aws:kms:dsse"];

    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl
    private static readonly string[] _acls =
    [
        "private", "public-read", "public-read-write", "authenticated-read", "aws-exec-read", "bucket-owner-read", "bucket-owner-full-control",
    ];

    public static void Check(S3Options options, OptionChecks checks)
    {
        CheckEncryption(options, checks);
        OneOf("S3.CannedAcl", options.CannedAcl, _acls, checks);
        if (options.StorageClass is { } storage && !StorageForm().IsMatch(storage))
        {
            checks.Add("S3.StorageClass", "is not a storage class; write its name as the server has it, such as STANDARD_IA");
        }

        if (options.ExpectedBucketOwner is { } owner && !AccountForm().IsMatch(owner))
        {
            checks.Add("S3.ExpectedBucketOwner", "is not an account's id; write its 12 digits");
        }

        CheckTags(options.Tags, checks);
        CheckMetadata(options.Metadata, checks);
        checks.Defined("S3.RequestChecksum", options.RequestChecksum);
        checks.Range("S3.MultipartThresholdBytes", options.MultipartThresholdBytes, S3Multipart.SmallestPart, S3Store.LargestPut);
        checks.Range("S3.MultipartPartBytes", options.MultipartPartBytes, S3Multipart.SmallestPart, S3Store.LargestPut);
    }

    /// <summary>The name as the server writes it, whatever the case it was given in.</summary>
    public static string? Encryption(string? name) => _encryptions.FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? name;

    private static void CheckEncryption(S3Options options, OptionChecks checks)
    {
        string? kind = Encryption(options.ServerSideEncryption);
        OneOf("S3.ServerSideEncryption", kind, _encryptions, checks);
        bool isKms = kind?.StartsWith("aws:kms", StringComparison.Ordinal) == true;
        if (options.KmsKeyId is { } key)
        {
            if (key.Length is 0 or > LongestKeyId || key.Any(static c => c is <= ' ' or > '~'))
            {
                checks.Add("S3.KmsKeyId", "is not the name of a key; write its ARN, id or alias (alias/name)");
            }

            if (!isKms)
            {
                checks.Add("S3.KmsKeyId", "is only for SSE-KMS; set S3.ServerSideEncryption to aws:kms, or leave it out");
            }
        }

        // Dual-layer encryption has no bucket keys.
        if (options.BucketKey is not null && kind != "aws:kms")
        {
            checks.Add("S3.BucketKey", "is only for SSE-KMS; set S3.ServerSideEncryption to aws:kms, or leave it out");
        }
    }

    private static void CheckTags(IDictionary<string, string>? tags, OptionChecks checks)
    {
        const string Option = "S3.Tags";
        if (tags?.Count > MostTags)
        {
            checks.Add(Option, $"has {tags.Count} tags; write at most {MostTags}");
        }

        foreach ((string name, string? value) in tags ?? new Dictionary<string, string>())
        {
            if (!TagNameForm().IsMatch(name))
            {
                checks.Add(Option, $"has the name \"{Shown(name)}\"; write 1 to 128 letters, digits, spaces and + - = . _ : / @");
            }
            else if (name.StartsWith("aws:", StringComparison.OrdinalIgnoreCase))
            {
                checks.Add(Option, $"has the name \"{Shown(name)}\"; those that begin with aws: are Amazon's own");
            }

            if (value is null || !TagValueForm().IsMatch(value))
            {
                checks.Add(Option, $"has a value of \"{Shown(name)}\" that no tag can have; write at most 256 letters, digits, spaces and + - = . _ : / @");
            }
        }
    }

    private static void CheckMetadata(IDictionary<string, string>? metadata, OptionChecks checks)
    {
        const string Option = "S3.Metadata";
        int bytes = 0;
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, string? value) in metadata ?? new Dictionary<string, string>())
        {
            bytes += HeaderPrefix.Length + name.Length + (value?.Length ?? 0);
            if (!MetadataNameForm().IsMatch(name) || name.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase))
            {
                checks.Add(Option, $"has the name \"{Shown(name)}\"; write letters, digits, - _ and ., without {HeaderPrefix}");
            }
            else if (name.Equals(S3Store.MetadataName, StringComparison.OrdinalIgnoreCase))
            {
                checks.Add(Option, $"has the name \"{S3Store.MetadataName}\", which is the journal's own; write another");
            }
            else if (!names.Add(name))
            {
                checks.Add(Option, $"has the name \"{Shown(name)}\" in two spellings, and S3 knows no case; keep one");
            }

            if (value is null || !MetadataValueForm().IsMatch(value))
            {
                checks.Add(Option, $"has a value of \"{Shown(name)}\" that no header can hold; write printable ASCII characters, no space at the ends, and no two in a row");
            }
        }

        if (bytes > MetadataRoom)
        {
            checks.Add(Option, string.Create(
                CultureInfo.InvariantCulture,
                $"has {bytes} bytes in names and values, and {HeaderPrefix.Length} for each; write at most {MetadataRoom}, what S3's {MetadataBytes} leave beside the journal's own"));
        }
    }

    private static void OneOf(string option, string? value, string[] known, OptionChecks checks)
    {
        if (value is not null && !known.Contains(value))
        {
            checks.Add(option, $"is not known; write one of {string.Join(", ", known)}");
        }
    }

    private static string Shown(string name) => string.Concat(name.Take(40).Select(static c => char.IsControl(c) ? '?' : c));

    [GeneratedRegex(@"\A[A-Za-z0-9_.-]{1,64}\z")]
    private static partial Regex StorageForm();

    [GeneratedRegex(@"\A[0-9]{12}\z")]
    private static partial Regex AccountForm();

    // Amazon's own pattern for both: https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_S3Tag.html
    [GeneratedRegex(@"\A[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}\z")]
    private static partial Regex TagNameForm();

    [GeneratedRegex(@"\A[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}\z")]
    private static partial Regex TagValueForm();

    [GeneratedRegex(@"\A[A-Za-z0-9_.-]+\z")]
    private static partial Regex MetadataNameForm();

    // A signature is made over single spaces, whatever is sent: servers differ in what they then keep.
    [GeneratedRegex(@"\A[\x21-\x7E]+( [\x21-\x7E]+)*\z")]
    private static partial Regex MetadataValueForm();
}
