using System.Globalization;
using Sink.Core.Delivery;

namespace Sink.Core.Tests.Model;

/// <summary>Knows what was appended and what must have become of it.</summary>
internal sealed class Oracle
{
    private static readonly string[] _formats = ["yyyy/MM/dd", "yyyy/MM", "yyyy/MM/dd/HH"];

    private readonly Dictionary<string, BucketObject> _seen = [];
    private readonly HashSet<string> _confirmed = [];
    private readonly Dictionary<(int Lane, long Ordinal), string> _givenUp = [];

    public List<ModelEntry> Entries { get; private init; } = [];

    /// <summary>Entries of a damaged range cannot be told apart: with rot, any may be missing.</summary>
    public bool MayMissAny { get; set; }

    public Oracle Fork()
    {
        Oracle fork = new() { Entries = [.. Entries.Select(static entry => entry.Clone())], MayMissAny = MayMissAny };
        foreach ((string key, BucketObject found) in _seen)
        {
            fork._seen.Add(key, found);
        }

        fork._confirmed.UnionWith(_confirmed);
        foreach (((int, long) ordinal, string document) in _givenUp)
        {
            fork._givenUp.Add(ordinal, document);
        }

        return fork;
    }

    /// <summary>A number for what is known and expected.</summary>
    public int Expectations()
    {
        HashCode code = default;
        foreach (ModelEntry entry in Entries)
        {
            code.Add((entry.Position, entry.IsStored, entry.IsDurable, entry.IsGivenUp, entry.IsGone, entry.IsSynced));
        }

        foreach (string key in _confirmed.Order(StringComparer.Ordinal))
        {
            code.Add(key.Length);
            code.Add(string.GetHashCode(key, StringComparison.Ordinal));
        }

        code.Add(_givenUp.Count);
        code.Add(_seen.Count);
        return code.ToHashCode();
    }

    public void Confirmed(string key) => _confirmed.Add(key);

    public void GivenUp(int lane, long ordinal, string document, IEnumerable<byte[]> payloads)
    {
        _givenUp[(lane, ordinal)] = document;
        foreach (byte[] payload in payloads)
        {
            Entries[ModelEntry.IdOf(payload)].IsGivenUp = true;
        }
    }

    /// <summary>What holds of the bucket at any time: objects stay as they are, and what is called settled is.</summary>
    public void CheckBucket(IReadOnlyList<BucketObject> bucket)
    {
        HashSet<(int, long)> there = [];
        Dictionary<string, BucketObject> byKey = [];
        foreach (BucketObject found in bucket)
        {
            byKey.Add(found.Key, found);
            if (found.Document is null)
            {
                BrokenPromiseException.Unless(!_confirmed.Contains(found.Key), $"{found.Key} was delivered and has no metadata.");
                continue;
            }

            BrokenPromiseException.Unless(there.Add((found.Metadata.Lane, found.Metadata.Ordinal)), $"A second object has the ordinal of {found.Key}.");
            if (_seen.TryGetValue(found.Key, out BucketObject? before))
            {
                BrokenPromiseException.Unless(before.Document == found.Document && before.Bytes.AsSpan().SequenceEqual(found.Bytes), $"{found.Key} has changed.");
            }

            _seen[found.Key] = found;
        }

        foreach (string key in _confirmed)
        {
            BrokenPromiseException.Unless(byKey.ContainsKey(key), $"{key} was delivered and is gone.");
        }

        foreach (BucketObject found in bucket.Where(static found => found.Document is not null))
        {
            ObjectMetadata metadata = found.Metadata;
            for (long ordinal = 0; ordinal < metadata.Settled; ordinal++)
            {
                (int, long) place = (metadata.Lane, ordinal);
                BrokenPromiseException.Unless(there.Contains(place) || _givenUp.ContainsKey(place) || MayMissAny, $"{found.Key} calls {ordinal} settled, and it is not.");
            }
        }
    }

    /// <summary>What holds when everything is delivered. Learns which uncommitted entries a power loss took.</summary>
    /// <param name="bucket">All objects.</param>
    /// <param name="drops">By lane, the drops that no object names yet.</param>
    /// <param name="powerLost">The power was lost since the last look.</param>
    public HashSet<int> CheckDelivered(IReadOnlyList<BucketObject> bucket, ILookup<int, OrdinalRange> drops, bool powerLost)
    {
        HashSet<int> found = [];
        foreach (IGrouping<int, BucketObject> lane in bucket.GroupBy(static found => Documented(found).Metadata.Lane))
        {
            Dictionary<(string, string), int> newest = [];
            foreach (BucketObject item in lane.OrderBy(static item => item.Metadata.Ordinal))
            {
                CheckObject(item, found, newest);
            }

            CheckChain(lane.Key, [.. lane], drops[lane.Key]);
        }

        foreach (ModelEntry entry in Entries)
        {
            bool required = entry.IsStored && !entry.IsGone && !entry.IsGivenUp && !MayMissAny && (entry.IsDurable || !powerLost);
            BrokenPromiseException.Unless(!required || found.Contains(entry.Id), $"{entry} is lost.");
        }

        return found;
    }

    /// <summary>What is there after a reopen is there for good, and what is not is gone for good.</summary>
    public void Learn(HashSet<int> found, Func<ModelEntry, bool> wasRecovered)
    {
        foreach (ModelEntry entry in Entries.Where(static entry => entry.IsStored))
        {
            entry.IsGone |= !found.Contains(entry.Id) && !entry.IsGivenUp;
            entry.IsDurable |= found.Contains(entry.Id) && wasRecovered(entry);
        }
    }

    private static BucketObject Documented(BucketObject found) =>
        found.Document is null ? throw new BrokenPromiseException($"{found.Key} has no metadata.") : found;

    private void CheckObject(BucketObject item, HashSet<int> found, Dictionary<(string, string), int> newest)
    {
        ObjectMetadata metadata = item.Metadata;
        string partition = item.Key[(metadata.Stream.Length + 1)..item.Key.LastIndexOf('/')];
        List<ModelEntry> entries = [];
        foreach ((byte[] payload, byte[]? header) in item.Entries())
        {
            int id = ModelEntry.IdOf(payload);
            BrokenPromiseException.Unless(id >= 0 && id < Entries.Count, $"{item.Key} holds an entry that nobody appended.");
            ModelEntry entry = Entries[id];
            BrokenPromiseException.Unless(entry.IsStored && entry.Payload.AsSpan().SequenceEqual(payload), $"{item.Key} holds {entry} altered, or it was refused.");
            BrokenPromiseException.Unless(metadata.Framing == "length" || (header ?? []).AsSpan().SequenceEqual(entry.Header), $"{item.Key} holds {entry} under another header.");
            BrokenPromiseException.Unless(entry.Stream == metadata.Stream && entry.Lane == metadata.Lane, $"{item.Key} holds {entry}, which is of another stream or lane.");
            BrokenPromiseException.Unless(_formats.Any(format => new DateTime(entry.Timestamp).ToString(format, CultureInfo.InvariantCulture) == partition), $"{item.Key} holds {entry}, which is of another date.");
            BrokenPromiseException.Unless(!entry.IsGone, $"{entry} has come back.");
            BrokenPromiseException.Unless(found.Add(id), $"{entry} is delivered twice.");
            int last = newest.GetValueOrDefault((metadata.Stream, partition), -1);
            BrokenPromiseException.Unless(id > last, $"{entry} stands behind entry {last} in {item.Key}.");
            newest[(metadata.Stream, partition)] = id;
            entries.Add(entry);
        }

        BrokenPromiseException.Unless(
            MayMissAny || (metadata.FirstPosition == entries[0].Position && metadata.LastPosition == entries[^1].Position),
            $"{item.Key} says that it holds {metadata.FirstPosition} to {metadata.LastPosition}; it holds {entries[0]} to {entries[^1]}.");
        long start = (entries.Min(static entry => entry.Timestamp) - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond;
        BrokenPromiseException.Unless(MayMissAny || metadata.Start == start, $"{item.Key} begins at {start}, and says {metadata.Start}.");
    }

    /// <summary>Every ordinal stands in the bucket, or was given up and a drop says so; each object names the one before it.</summary>
    private void CheckChain(int lane, IReadOnlyList<BucketObject> objects, IEnumerable<OrdinalRange> unnamed)
    {
        Dictionary<long, string> documents = objects.ToDictionary(static item => item.Metadata.Ordinal, static item => item.Document!);
        OrdinalRange[] drops = [.. unnamed, .. objects.SelectMany(static item => item.Metadata.Drops)];
        string? previous = null;
        bool previousIsKnown = true;
        for (long ordinal = 0; ordinal <= documents.Keys.Max(); ordinal++)
        {
            if (!documents.TryGetValue(ordinal, out string? document))
            {
                BrokenPromiseException.Unless(drops.Any(range => range.From <= ordinal && ordinal <= range.To), $"Lane {lane} has no object {ordinal}, and nothing says that it was dropped.");
                previousIsKnown = _givenUp.TryGetValue((lane, ordinal), out previous);
                BrokenPromiseException.Unless(previousIsKnown || MayMissAny, $"Lane {lane} dropped {ordinal}, and nobody gave it up.");
                previous = previousIsKnown ? ObjectMetadata.ChainHash(previous!) : null;
                continue;
            }

            _ = ObjectMetadata.TryParse(document, out ObjectMetadata? metadata, out _);
            BrokenPromiseException.Unless(!previousIsKnown || metadata!.Previous == previous, $"The chain of lane {lane} breaks before {ordinal}.");
            BrokenPromiseException.Unless(metadata!.Settled <= ordinal, $"Object {ordinal} calls itself settled.");
            previous = ObjectMetadata.ChainHash(document);
            previousIsKnown = true;
        }
    }
}
