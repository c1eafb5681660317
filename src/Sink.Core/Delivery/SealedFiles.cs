using Sink.Core.Storage;

namespace Sink.Core.Delivery;

/// <summary>The two files of a sealed object.</summary>
internal static class SealedFiles
{
    public static long BytesOf(StorageDirectory directory, SealedName name)
    {
        using StorageFile? file = directory.Open(name.DataName);
        return file?.Length ?? 0;
    }

    /// <summary>Null when the sidecar is gone, altered, or cannot be read: for those who can do without it.</summary>
    public static Sidecar? TryReadSidecar(StorageDirectory directory, SealedName name)
    {
        try
        {
            return directory.ReadAll(name.ToString()) is { } bytes ? Sidecar.Decode(bytes) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Data first: a sidecar without data is asked about at the store, data without a sidecar is an orphan.</summary>
    public static void Delete(StorageDirectory directory, SealedName name)
    {
        directory.Delete(name.DataName);
        directory.Delete(name.ToString());
    }

    public static void SetAside(StorageDirectory directory, SealedName name, DateTimeOffset now)
    {
        Quarantine.SetAsideIfThere(directory, name.DataName, now);
        Quarantine.SetAsideIfThere(directory, name.ToString(), now);
    }
}
