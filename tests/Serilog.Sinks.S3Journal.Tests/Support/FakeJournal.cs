using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Sink.Core;

namespace Serilog.Sinks.S3Journal.Tests.Support;

/// <summary>A journal in memory whose answers a test can set.</summary>
internal sealed class FakeJournal : IEventJournal
{
    public ConcurrentQueue<(string Stream, DateTimeOffset Timestamp, string Payload)> Entries { get; } = new();

    public List<string> Asked { get; } = [];

    /// <summary>Those of each stream that was asked for.</summary>
    public List<StreamOptions?> AskedWith { get; } = [];

    /// <summary>What was checked.</summary>
    public List<StreamOptions> Checked { get; } = [];

    /// <summary>What opening a stream throws.</summary>
    public Exception? ThrowAtOpen { get; set; }

    /// <summary>Called inside of each append, by its thread.</summary>
    public Action? Appending { get; set; }

    /// <summary>How a payload becomes the text that is kept; the options are those of its stream.</summary>
    public Func<StreamOptions?, byte[], string> Decode { get; set; } = static (_, payload) => Encoding.UTF8.GetString(payload);

    /// <summary>What the journal answers to a stream that is to have these options.</summary>
    public Func<StreamOptions?, Exception?>? RefuseStream { get; set; }

    public int MaxEntryBytes { get; set; } = int.MaxValue;

    public AppendResult? Answer { get; set; }

    public bool KeepsEntries { get; set; } = true;

    public Exception? Throw { get; set; }

    public int Disposals { get; private set; }

    public IEnumerable<JsonElement> Documents => Entries.Select(e => JsonDocument.Parse(e.Payload).RootElement);

    public AppendResult Append(IStorableEvent storableEvent) => throw new NotSupportedException("No test asks for it.");

    public void CheckStream(StreamOptions options) => Checked.Add(options);

    public IEventStream GetStream(string name, StreamOptions? options)
    {
        lock (Asked)
        {
            Asked.Add(name);
            AskedWith.Add(options);
        }

        if (ThrowAtOpen is { } exception)
        {
            throw exception;
        }

        if (RefuseStream?.Invoke(options) is { } refusal)
        {
            throw refusal;
        }

        return new Stream(this, name, options);
    }

    public void Dispose() => Disposals++;

    public ValueTask DisposeAsync()
    {
        Disposals++;
        return ValueTask.CompletedTask;
    }

    private sealed class Stream(FakeJournal journal, string name, StreamOptions? options) : IEventStream
    {
        public int MaxEntryBytes => journal.MaxEntryBytes;

        public AppendResult Append(DateTimeOffset timestamp, ReadOnlySpan<byte> payload)
        {
            journal.Appending?.Invoke();
            if (journal.Throw is { } exception)
            {
                throw exception;
            }

            if (journal.Disposals > 0)
            {
                return AppendResult.Closed;
            }

            AppendResult result = journal.Answer ?? (payload.Length > journal.MaxEntryBytes ? AppendResult.TooLarge : AppendResult.Stored);
            if (result == AppendResult.Stored && journal.KeepsEntries)
            {
                journal.Entries.Enqueue((name, timestamp, journal.Decode(options, payload.ToArray())));
            }

            return result;
        }

        public void AppendDurable(DateTimeOffset timestamp, ReadOnlySpan<byte> payload, TimeSpan timeout)
        {
            AppendResult result = Append(timestamp, payload);
            if (result != AppendResult.Stored)
            {
                throw new JournalException($"{result} within {timeout}");
            }
        }
    }
}
