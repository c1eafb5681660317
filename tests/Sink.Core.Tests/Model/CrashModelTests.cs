namespace Sink.Core.Tests.Model;

public class CrashModelTests
{
    [Fact]
    public void NoCrashBreaksAPromise() => CrashPoints.Check(Scripts.Life);
}
