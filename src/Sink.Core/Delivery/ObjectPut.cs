using Sink.Core.Storage;

namespace Sink.Core;

/// <summary>A sealed object on its way out. The same object is put with the same key, bytes and metadata at every try, by this process or a later one.</summary>
public sealed class ObjectPut
{
    private readonly Lock _lock = new();

    // Owned by _lock.
    private readonly List<StorageFileStream> _opened = [];

    internal ObjectPut(string key, StorageFile data, long length, string contentType, string metadata, ReadOnlyMemory<byte> md5)
    {
        Key = key;
        Data = data;
        Length = length;
        ContentType = contentType;
        Metadata = metadata;
        Md5 = md5;
    }

    /// <summary>Key below the store's root, with '/' between segments; at most 1,024 bytes of UTF-8, no empty segment, no "." or "..", no backslash or control character.</summary>
    public string Key { get; }

    /// <summary>Length in bytes, above 0.</summary>
    public long Length { get; }

    /// <summary>Media type, ASCII.</summary>
    public string ContentType { get; }

    /// <summary>The metadata document, ASCII JSON of at most 1,800 bytes. Kept beside the object verbatim: without it a reader does not see the object.</summary>
    public string Metadata { get; }

    /// <summary>MD5 of the bytes, 16 bytes, fixed when the object was sealed. The journal has checked its copy against it before the put.</summary>
    public ReadOnlyMemory<byte> Md5 { get; }

    /// <summary>The bytes, read from the journal's own file at <see cref="Data"/>.</summary>
    internal StorageFile Data { get; }

    /// <summary>Why a stream of <see cref="OpenRead"/> could not be read, when one could not: whoever reads may have wrapped or caught it.</summary>
    internal Exception? LocalFailure
    {
        get
        {
            lock (_lock)
            {
                return _opened.Select(static stream => stream.Failure).FirstOrDefault(static failure => failure is not null);
            }
        }
    }

    /// <summary>
    /// The bytes from the first to the last, in a new stream at each call; it can seek, and each stream is for one reader at a time. It reads the journal's own file, and
    /// only until the put has ended. An exception of it is the journal's to judge: let it pass.
    /// </summary>
    public Stream OpenRead()
    {
        StorageFileStream stream = new(Data, Length, ownsFile: false);
        lock (_lock)
        {
            _opened.Add(stream);
        }

        return stream;
    }
}
