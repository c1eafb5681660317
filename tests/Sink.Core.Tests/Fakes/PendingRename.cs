namespace Sink.Core.Tests.Fakes;

/// <summary>A rename that no sync covers, and which of the bindings of its two names came from it.</summary>
internal readonly record struct PendingRename(string From, int Removed, string To, int Added)
{
    /// <summary>Where the old name is gone by this rename, makes sure that the new one has come; true when that changed something.</summary>
    public bool Raise(Dictionary<string, int> chosen)
    {
        if (chosen[From] < Removed || chosen[To] >= Added)
        {
            return false;
        }

        chosen[To] = Added;
        return true;
    }
}
