namespace Integration.Tests.Support;

/// <summary>A directory of one test, for a journal.</summary>
internal sealed class TestDirectory : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("s3journal-");

    public string Path => System.IO.Path.Combine(_root.FullName, "local");

    public void Dispose() => _root.Delete(recursive: true);
}
