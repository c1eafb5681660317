using Sink.Core.Options;

namespace Sink.Core.Tests.Options;

public class LocalDirectoryTests
{
    private readonly FakeHostEnvironment _environment = new();
    private readonly HashSet<string> _readOnly = [];

    [Fact]
    public void AnExplicitDirectoryIsTakenAsItIs()
    {
        _environment.Variables["S3JOURNAL_DIRECTORY"] = "/elsewhere";

        LocalDirectoryChoice choice = Find("/var/lib/orders");

        Assert.Equal(new LocalDirectoryChoice("/var/lib/orders", "LocalDirectory", false), choice);
    }

    [Fact]
    public void ARelativeExplicitDirectoryIsMadeAbsolute() =>
        Assert.Equal(Path.GetFullPath("journal"), Find("journal").Path);

    [Fact]
    public void TheOwnVariableComesBeforeSystemdAndTheUsersData()
    {
        _environment.Variables["S3JOURNAL_DIRECTORY"] = "/data";
        _environment.Variables["STATE_DIRECTORY"] = "/var/lib/unit";

        Assert.Equal("/data/s3journal/app", Find().Path);
    }

    [Fact]
    public void OfSeveralStateDirectoriesTheFirstIsTaken()
    {
        _environment.Variables["STATE_DIRECTORY"] = "/var/lib/unit:/var/lib/other";

        Assert.Equal("/var/lib/unit/s3journal/app", Find().Path);
    }

    [Fact]
    public void AWindowsServiceUsesProgramData()
    {
        _environment.Variables["ProgramData"] = "/ProgramData";
        _environment.Windows = true;
        Assert.Equal("/home/me/.local/share/s3journal/app", Find().Path);

        _environment.Interactive = false;
        Assert.Equal("/ProgramData/s3journal/app", Find().Path);
    }

    [Fact]
    public void ADirectoryThatCannotBeWrittenIsPassedOver()
    {
        _environment.Variables["S3JOURNAL_DIRECTORY"] = "/data";
        _readOnly.Add("/data/s3journal/app");

        Assert.Equal("/home/me/.local/share/s3journal/app", Find().Path);
    }

    [Fact]
    public void TheTemporaryDirectoryIsTheLastAndSaysSo()
    {
        _environment.UserData = "";
        LocalDirectoryChoice choice = Find();

        Assert.Equal("/tmp/s3journal/app", choice.Path);
        Assert.True(choice.IsTemporary);
    }

    [Fact]
    public void WithNothingWritableTheFirstIsTakenSoThatOpeningItTellsTheReason()
    {
        _environment.Variables["STATE_DIRECTORY"] = "/var/lib/unit";
        _readOnly.UnionWith(["/var/lib/unit/s3journal/app", "/home/me/.local/share/s3journal/app", "/tmp/s3journal/app"]);

        LocalDirectoryChoice choice = Find();

        Assert.Equal("/var/lib/unit/s3journal/app", choice.Path);
        Assert.Equal("STATE_DIRECTORY", choice.Source);
    }

    private LocalDirectoryChoice Find(string? explicitDirectory = null) =>
        LocalDirectoryFinder.Find(explicitDirectory, "app", _environment, path => !_readOnly.Contains(path));
}
