using Sink.Core.Delivery;

namespace Crash;

/// <summary>The objects of one lane by ordinal: none missing, none twice, each knows the one before, and none speaks of anything dropped.</summary>
internal sealed class OrdinalChain
{
    private readonly SortedDictionary<long, DeliveredObject> _objects = [];
    private long _next;
    private string? _previous;

    public void Add(DeliveredObject delivered, Action<string> fault)
    {
        ObjectMetadata metadata = delivered.Metadata;
        if (metadata.Ordinal < _next || !_objects.TryAdd(metadata.Ordinal, delivered with { Entries = [] }))
        {
            fault($"{delivered.Key} has the ordinal of another object");
        }

        if (metadata.Drops.Count > 0 || metadata.Dropped != default)
        {
            fault($"{delivered.Key} says that something was dropped: {delivered.Document}");
        }
    }

    /// <summary>All objects of the lane are there by now.</summary>
    public void Settle(Action<string> fault)
    {
        foreach ((long ordinal, DeliveredObject delivered) in _objects)
        {
            if (ordinal != _next)
            {
                fault($"the ordinals {_next} to {ordinal - 1} are missing");
            }
            else if (delivered.Metadata.Previous != _previous)
            {
                fault($"{delivered.Key} does not know the object before");
            }

            _next = ordinal + 1;
            _previous = ObjectMetadata.ChainHash(delivered.Document);
        }

        _objects.Clear();
    }
}
