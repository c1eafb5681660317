using System.Collections;

namespace Extensions.Logging.S3Journal.Tests.Support;

/// <summary>Objects that mean no good, one way each.</summary>
internal static class Hostile
{
    public static IEnumerable<int> ThrowsMidway()
    {
        yield return 1;
        throw new InvalidOperationException("midway");
    }

    public static IEnumerable<KeyValuePair<string, object?>> PairsThatThrowMidway()
    {
        yield return new("Before", 1);
        throw new InvalidOperationException("midway");
    }

    public static IEnumerable<int> Endless()
    {
        for (int i = 0; ; i++)
        {
            yield return i;
        }
    }

    public static IEnumerable<KeyValuePair<string, object?>> EndlessPairs()
    {
        for (int i = 0; ; i++)
        {
            yield return new($"N{i}", i);
        }
    }

    public sealed class Text : IFormattable
    {
        public override string ToString() => throw new InvalidOperationException("no text");

        public string ToString(string? format, IFormatProvider? formatProvider) => throw new InvalidOperationException("no text");
    }

    public sealed class NoText
    {
        public override string? ToString() => null;
    }

    /// <summary>A value that does what it is told when its text is asked for.</summary>
    public sealed class Acting(Func<string> text)
    {
        public override string ToString() => text();
    }

    public sealed class Error : Exception
    {
        public override string Message => throw new InvalidOperationException("no message");

        public override string ToString() => throw new InvalidOperationException("no text");
    }

    /// <summary>A state or scope whose parts do what they are told.</summary>
    public sealed class Pairs(Func<int> count, Func<int, KeyValuePair<string, object?>> at) : IReadOnlyList<KeyValuePair<string, object?>>
    {
        public int Count => count();

        public KeyValuePair<string, object?> this[int index] => at(index);

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => throw new InvalidOperationException("no enumeration");

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    /// <summary>The same as a struct, as the states of generated code are.</summary>
    public readonly struct StructPairs(Func<int> count, Func<int, KeyValuePair<string, object?>> at) : IReadOnlyList<KeyValuePair<string, object?>>
    {
        public int Count => count();

        public KeyValuePair<string, object?> this[int index] => at(index);

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => throw new InvalidOperationException("no enumeration");

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    /// <summary>A value type with a long text.</summary>
    public readonly struct LongStruct
    {
        public override string ToString() => new('s', 100_000);
    }

    /// <summary>A dictionary whose keys all have one text.</summary>
    public sealed class Key
    {
        public override string ToString() => "same";
    }

    /// <summary>A dictionary that gives a null for a key.</summary>
    public sealed class NullKeyed : IDictionary
    {
        public object? this[object key] { get => null; set => throw new NotSupportedException(); }

        public ICollection Keys => Array.Empty<object>();

        public ICollection Values => Array.Empty<object>();

        public bool IsReadOnly => true;

        public bool IsFixedSize => true;

        public int Count => 1;

        public object SyncRoot => this;

        public bool IsSynchronized => false;

        public void Add(object key, object? value) => throw new NotSupportedException();

        public void Clear() => throw new NotSupportedException();

        public bool Contains(object key) => false;

        public IDictionaryEnumerator GetEnumerator() => new Enumerator();

        public void Remove(object key) => throw new NotSupportedException();

        public void CopyTo(Array array, int index) => throw new NotSupportedException();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        private sealed class Enumerator : IDictionaryEnumerator
        {
            private int _moves;

            public DictionaryEntry Entry => new(null!, 1);

            public object Key => null!;

            public object? Value => 1;

            public object Current => Entry;

            public bool MoveNext() => _moves++ == 0;

            public void Reset() => _moves = 0;
        }
    }
}
