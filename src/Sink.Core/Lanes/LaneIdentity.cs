using Sink.Core.Storage;

namespace Sink.Core.Lanes;

/// <summary>
/// What a lane's directory is: the version of everything in it, and an id. Written before anything else, so a lane with
/// segments and without identity is a damaged one, not a new one.
/// </summary>
internal static class LaneIdentity
{
    public const string FileName = "identity";

    /// <summary>Grows with any change that an older version could not read.</summary>
    public const uint FormatVersion = 1;

    private static ReadOnlySpan<byte> Magic => "S3JLANE1"u8;

    /// <summary>The version of the lane's files; null when there is no identity, 0 when it cannot be read.</summary>
    public static uint? Read(StorageDirectory directory)
    {
        if (directory.IsLink(FileName))
        {
            return 0;
        }

        if (directory.ReadAll(FileName, out _) is not { } bytes)
        {
            return null;
        }

        using BinaryReader? reader = RecordFile.Read(bytes, Magic, out uint version);
        return reader is null ? 0 : version;
    }

    /// <summary>The caller syncs its name before any segment or checkpoint gets one.</summary>
    public static void Write(StorageDirectory directory, Guid id) =>
        directory.Replace(FileName, Encode(id), SyncSite.Identity);

    public static byte[] Encode(Guid id) => RecordFile.Write(Magic, FormatVersion, writer => writer.Write(id.ToByteArray()));
}
