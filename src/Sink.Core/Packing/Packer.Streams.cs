using Sink.Core.Delivery;
using Sink.Core.Log;

namespace Sink.Core.Packing;

/// <content>How the entries of each stream are packed: as the journal's settings say, or as the stream's definition in the log does.</content>
internal sealed partial class Packer
{
    /// <summary>Streams with definitions, as they are at the cursor; while entries are packed again, as they are at the end of these.</summary>
    private readonly Dictionary<string, StreamForm> _forms = new(StringComparer.Ordinal);

    /// <summary>
    /// From here on entries of the stream are packed so. What waits is flushed before, so that every entry that a checkpoint leaves to be packed again is of the
    /// form that it names; an object goes on only when nothing but the header changes.
    /// </summary>
    private void Define(in FrameView frame)
    {
        string stream = System.Text.Encoding.UTF8.GetString(frame.Name);
        if (frame.Position < _catchUpTo || StreamName.Validate(stream) is not null)
        {
            return;
        }

        StreamDefinition? definition = StreamDefinition.TryDecode(frame.Payload.ToArray());
        if (definition is null)
        {
            Warn(JournalFailureKind.Permanent, $"The definition of the stream {stream} in {_directory.Path} asks for what this version or machine does not know; its entries are kept as they are, each behind its length.");
        }

        Redefine(stream, StreamForm.Of(definition ?? StreamDefinition.Lost, frame.Tag.Number, frame.Position));
    }

    private void Redefine(string stream, StreamForm form)
    {
        StreamForm old = _forms.GetValueOrDefault(stream, _default);
        if (form.Definition is null)
        {
            _forms.Remove(stream);
        }
        else
        {
            _forms[stream] = form;
            NoteAge(form);
        }

        StagedObject[] open = [.. _open.OfStream(stream)];
        if (old.GoesOnAs(form))
        {
            foreach (StagedObject staged in open)
            {
                // With the same header a frame goes on too.
                if (old.Definition != form.Definition)
                {
                    _open.Flush(staged);
                }

                staged.Form = form;
            }
        }
        else if (Array.FindAll(open, static staged => !staged.IsEmpty) is { Length: > 0 } sealing)
        {
            WriteCheckpoint([.. sealing]);
        }
    }

    /// <summary>The form of an entry that has one of its own. Never the journal's: whose definition is lost, its bytes are of a kind that nobody knows.</summary>
    private StreamForm FormOf(ReadOnlySpan<char> stream, in FrameView frame)
    {
        if (_forms.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(stream, out StreamForm? form) && form.Number == frame.Tag.Number)
        {
            return form;
        }

        form = StreamForm.Of(StreamDefinition.Lost, frame.Tag.Number, frame.Position);
        string name = new(stream);
        if (frame.Position >= _catchUpTo && StreamName.Validate(name) is null)
        {
            Warn(JournalFailureKind.Permanent, $"The definition of the stream {name} in {_directory.Path} is lost; its entries are kept as they are, each behind its length.");
            Redefine(name, form);
        }

        return form;
    }

    private void NoteAge(StreamForm form) => ShortestAge = form.Definition?.MaxObjectAge is { } age && age < ShortestAge ? age : ShortestAge;

    private PartitionFormat FormatOf(StreamForm form) => form.Format ?? _format;

    private Func<StreamForm, string> FormatAt(long utcTicks) => form => FormatOf(form).Format(utcTicks);

    private void LoadForms(Checkpoint start)
    {
        _forms.Clear();
        foreach (StreamRecord record in start.Streams)
        {
            StreamForm form = StreamForm.Of(StreamDefinition.TryDecode(record.Definition) ?? StreamDefinition.Lost, record.Number, record.Since);
            _forms.Add(record.Stream, form);
            NoteAge(form);
        }
    }

    /// <summary>Those that entries may still come for: what earlier runs defined, until their entries are routed, and as long as an object is open.</summary>
    private List<StreamRecord> FormsToKeep(List<StagedObject> sealing)
    {
        if (_forms.Count == 0)
        {
            return [];
        }

        if (Reached >= _countFrom && IsCaughtUp)
        {
            HashSet<string> open = [.. _open.All.Except(sealing).Where(static staged => !staged.IsEmpty).Select(static staged => staged.Stream)];
            foreach ((string stream, StreamForm form) in _forms.ToArray())
            {
                if (form.Since < _countFrom && !open.Contains(stream))
                {
                    _forms.Remove(stream);
                }
            }
        }

        return [.. _forms.Select(static pair => new StreamRecord(pair.Key, pair.Value.Number, pair.Value.Since, pair.Value.Definition!.Encode()))];
    }
}
