namespace Sink.Core.Tests.Fakes;

/// <summary>
/// A directory: what each name means now and, for names changed since the last sync, everything that each has meant
/// since then. Every member is called under the disk's lock.
/// </summary>
internal sealed class DirectoryNode(string path) : Node
{
    private readonly SortedDictionary<string, Node> _names = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, List<Node?>> _bindings = new(StringComparer.Ordinal);
    private readonly List<PendingRename> _renames = [];

    public string Path => path;

    public IReadOnlyDictionary<string, Node> Names => _names;

    public Node? Find(string name) => _names.GetValueOrDefault(name);

    /// <summary>Gives the name a new meaning (null: none) and returns the file that it meant before.</summary>
    public FileNode? Bind(string name, Node? node)
    {
        Node? old = Find(name);
        if (!_bindings.TryGetValue(name, out List<Node?>? bindings))
        {
            _bindings[name] = bindings = [old];
        }

        bindings.Add(node);
        SetName(name, node);
        if (node is FileNode bound)
        {
            bound.Links++;
        }

        if (old is not FileNode replaced)
        {
            return null;
        }

        replaced.Links--;
        return replaced;
    }

    public FileNode? Rename(string from, string to)
    {
        FileNode? replaced = Bind(to, Find(from));
        Bind(from, null);
        _renames.Add(new PendingRename(from, _bindings[from].Count - 1, to, _bindings[to].Count - 1));
        return replaced;
    }

    public void SyncNames()
    {
        _bindings.Clear();
        _renames.Clear();
    }

    /// <summary>The disk has lost power: each name means one of the things it has meant since the last sync.</summary>
    public void Settle(PowerLossChoice choice)
    {
        Dictionary<string, int> chosen = [];
        foreach ((string name, List<Node?> bindings) in _bindings)
        {
            chosen[name] = Math.Clamp(choice.OfName($"{path}/{name}", bindings.Count), 0, bindings.Count - 1);
        }

        // A rename may leave both names or only one of them, never none: the file was there before and after.
        while (_renames.Any(rename => rename.Raise(chosen)))
        {
        }

        foreach ((string name, int binding) in chosen)
        {
            SetName(name, _bindings[name][binding]);
        }

        SyncNames();
        foreach (DirectoryNode child in _names.Values.OfType<DirectoryNode>())
        {
            child.Settle(choice);
        }
    }

    /// <summary>Every file that a name leads to, once for each name.</summary>
    public IEnumerable<(string Path, FileNode File)> Walk()
    {
        foreach ((string name, Node node) in _names)
        {
            if (node is FileNode file)
            {
                yield return ($"{path}/{name}", file);
            }
            else
            {
                foreach ((string, FileNode) inner in ((DirectoryNode)node).Walk())
                {
                    yield return inner;
                }
            }
        }
    }

    public override void AddTo(FingerprintOfDoubt fingerprint)
    {
        foreach ((string name, Node node) in _names)
        {
            fingerprint.Add(name);
            fingerprint.Add(node);
        }

        foreach ((string name, List<Node?> bindings) in _bindings)
        {
            fingerprint.Add(name);
            bindings.ForEach(fingerprint.Add);
        }

        foreach (PendingRename rename in _renames)
        {
            fingerprint.Add(rename.ToString());
        }

        fingerprint.Add((ulong)_names.Count);
        fingerprint.Add((ulong)_bindings.Count);
    }

    /// <param name="clones">What was cloned already: a file may have several names, now or in the past.</param>
    public DirectoryNode Clone(Dictionary<Node, Node> clones)
    {
        DirectoryNode clone = new(path);
        foreach ((string name, Node node) in _names)
        {
            clone._names[name] = CloneNode(node, clones);
        }

        foreach ((string name, List<Node?> bindings) in _bindings)
        {
            clone._bindings[name] = [.. bindings.Select(node => node is null ? null : CloneNode(node, clones))];
        }

        clone._renames.AddRange(_renames);
        return clone;
    }

    private static Node CloneNode(Node node, Dictionary<Node, Node> clones)
    {
        if (!clones.TryGetValue(node, out Node? clone))
        {
            clone = node is FileNode file ? file.Clone() : ((DirectoryNode)node).Clone(clones);
            clones[node] = clone;
        }

        return clone;
    }

    private void SetName(string name, Node? node)
    {
        if (node is null)
        {
            _names.Remove(name);
        }
        else
        {
            _names[name] = node;
        }
    }
}
