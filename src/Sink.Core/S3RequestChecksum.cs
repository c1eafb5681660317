namespace Sink.Core;

/// <summary>Which requests carry a checksum of the AWS SDK, beside the <c>Content-MD5</c> that every put has.</summary>
public enum S3RequestChecksum
{
    /// <summary>Those that must. Every server takes it.</summary>
    WhenRequired,

    /// <summary>All puts: <c>x-amz-checksum-crc32</c>, which Amazon keeps with the object. Servers from before 2025 may refuse it.</summary>
    Always,
}
