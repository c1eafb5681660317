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

        StreamForm form = StreamForm.Of(frame.Payload.ToArray(), frame.Tag.Number, frame.Position, CoderOf);
        if (form.IsUnknown)
        {
            Warn(JournalFailureKind.Permanent, $"The definition of the stream {stream} in {_directory.Path} asks for what this version or machine does not know; its entries are kept as they are, each behind its length.");
        }

        Redefine(stream, form);
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

        bool goesOn = old.GoesOnAs(form);
        foreach (StagedObject staged in _open.OfStream(stream).ToArray())
        {
            if (!goesOn)
            {
                _open.Finish(staged);
                continue;
            }

            // With the same header a frame goes on too.
            if (old.Definition != form.Definition)
            {
                _open.Flush(staged);
            }

            staged.Form = form;
        }
    }

    /// <summary>An entry that holds the delimiter is kept as it is, and nobody would know before a reader finds more entries than there are.</summary>
    private void NoteDelimiter(StagedObject staged, in FrameView frame, bool isNews)
    {
        if (!isNews || staged.Form.HasNotedDelimiter || staged.Form.Framing.IsTold(frame.Payload))
        {
            return;
        }

        staged.Form.HasNotedDelimiter = true;
        Warn(JournalFailureKind.Permanent, $"An entry of the stream {staged.Stream} in {_directory.Path} holds the stream's delimiter. It is delivered as it is, and readers will take it for several: choose a delimiter that is in no entry, or a framing without one, such as Length. Further ones are not reported.");
    }

    /// <summary>The form of an entry that has one of its own. Never the journal's: whose definition is lost, its bytes are of a kind that nobody knows.</summary>
    private StreamForm FormOf(ReadOnlySpan<char> stream, in FrameView frame)
    {
        if (_forms.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(stream, out StreamForm? form) && form.Number == frame.Tag.Number)
        {
            return form;
        }

        if (frame.Position < _catchUpTo)
        {
            // Of an earlier definition than the checkpoint's: an object has it, and it is passed over.
            return _default;
        }

        form = StreamForm.Of(StreamDefinition.Lost.Encode(), frame.Tag.Number, frame.Position, CoderOf);
        string name = new(stream);
        if (StreamName.Validate(name) is null)
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
            StreamForm form = StreamForm.Of(record.Definition, record.Number, record.Since, CoderOf);
            if (form.IsUnknown && start.Objects.Any(open => open.Stream == record.Stream))
            {
                throw new JournalException($"The open object of the stream {record.Stream} in {_directory.Path} was begun with a definition that this machine or version does not know: a time zone that is not installed, or a newer package. Install it, or name another LocalDirectory.");
            }

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

        if (_cursor.Position >= _countFrom && IsCaughtUp)
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

        return [.. _forms.Select(static pair => new StreamRecord(pair.Key, pair.Value.Number, pair.Value.Since, pair.Value.HasOwnCompression, pair.Value.Encoded))];
    }
}
