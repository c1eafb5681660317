using System.Globalization;
using System.Runtime.CompilerServices;
using Serilog.Events;

namespace Serilog.Sinks.S3Journal.Payload;

/// <summary>Property values as JSON, each kind as Serilog's <c>JsonValueFormatter</c> writes it.</summary>
internal static class ClefValue
{
    public static void Write(LogEventPropertyValue value, Utf8Buffer output)
    {
        switch (value)
        {
            case ScalarValue scalar:
                WriteScalar(scalar.Value, output);
                break;
            case SequenceValue sequence:
                WriteSequence(sequence, output);
                break;
            case StructureValue structure:
                WriteStructure(structure, output);
                break;
            case DictionaryValue dictionary:
                WriteDictionary(dictionary, output);
                break;
            default:
                // A kind of value that is not Serilog's own: JsonValueFormatter throws, we keep the event.
                output.WriteJsonString(value.ToString(null, CultureInfo.InvariantCulture));
                break;
        }
    }

    private static void WriteScalar(object? value, Utf8Buffer output)
    {
        if (!JsonScalar.TryWrite(value, output))
        {
            // In the current culture, as JsonValueFormatter has it.
            output.WriteJsonString(value!.ToString());
        }
    }

    private static void WriteSequence(SequenceValue sequence, Utf8Buffer output)
    {
        // Values nested without end would end the process; this throws while that can still be reported.
        RuntimeHelpers.EnsureSufficientExecutionStack();
        output.WriteByte((byte)'[');
        for (int i = 0; i < sequence.Elements.Count; i++)
        {
            if (i > 0)
            {
                output.WriteByte((byte)',');
            }

            Write(sequence.Elements[i], output);
        }

        output.WriteByte((byte)']');
    }

    private static void WriteStructure(StructureValue structure, Utf8Buffer output)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        output.WriteByte((byte)'{');
        for (int i = 0; i < structure.Properties.Count; i++)
        {
            if (i > 0)
            {
                output.WriteByte((byte)',');
            }

            LogEventProperty property = structure.Properties[i];
            output.WriteJsonString(property.Name);
            output.WriteByte((byte)':');
            Write(property.Value, output);
        }

        if (structure.TypeTag is { } tag)
        {
            output.Write(structure.Properties.Count > 0 ? ",\"$type\":"u8 : "\"$type\":"u8);
            output.WriteJsonString(tag);
        }

        output.WriteByte((byte)'}');
    }

    private static void WriteDictionary(DictionaryValue dictionary, Utf8Buffer output)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        output.WriteByte((byte)'{');
        bool first = true;
        if (dictionary.Elements is Dictionary<ScalarValue, LogEventPropertyValue> elements)
        {
            foreach ((ScalarValue key, LogEventPropertyValue value) in elements)
            {
                WriteElement(key, value, ref first, output);
            }
        }
        else
        {
            foreach ((ScalarValue key, LogEventPropertyValue value) in dictionary.Elements)
            {
                WriteElement(key, value, ref first, output);
            }
        }

        output.WriteByte((byte)'}');
    }

    private static void WriteElement(ScalarValue key, LogEventPropertyValue value, ref bool first, Utf8Buffer output)
    {
        if (!first)
        {
            output.WriteByte((byte)',');
        }

        first = false;
        output.WriteJsonString(key.Value is null ? "null" : key.Value.ToString());
        output.WriteByte((byte)':');
        Write(value, output);
    }
}
