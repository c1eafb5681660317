using System.Globalization;
using System.Runtime.CompilerServices;
using Serilog.Events;

namespace Serilog.Sinks.S3Journal.Payload;

/// <summary>Property values; as JSON each kind as Serilog's <c>JsonValueFormatter</c> writes it.</summary>
internal static class ClefValue<TFormat>
    where TFormat : struct, IEntryFormat
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
                TFormat.Text(value.ToString(null, CultureInfo.InvariantCulture), output);
                break;
        }
    }

    private static void WriteScalar(object? value, Utf8Buffer output)
    {
        if (!EntryScalar<TFormat>.TryWrite(value, output))
        {
            // In the current culture, as JsonValueFormatter has it.
            TFormat.Text(value!.ToString(), output);
        }
    }

    private static void WriteSequence(SequenceValue sequence, Utf8Buffer output)
    {
        // Values nested without end would end the process; this throws while that can still be reported.
        RuntimeHelpers.EnsureSufficientExecutionStack();
        int array = TFormat.BeginArray(output);
        for (int i = 0; i < sequence.Elements.Count; i++)
        {
            TFormat.Next(array, output);
            Write(sequence.Elements[i], output);
        }

        TFormat.EndArray(output);
    }

    private static void WriteStructure(StructureValue structure, Utf8Buffer output)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        int map = TFormat.BeginMap(output);
        for (int i = 0; i < structure.Properties.Count; i++)
        {
            LogEventProperty property = structure.Properties[i];
            WriteMember(property.Name, property.Value, map, output);
        }

        if (structure.TypeTag is { } tag)
        {
            TFormat.Member(map, "$type"u8, output);
            TFormat.Text(tag, output);
        }

        TFormat.EndMap(output);
    }

    private static void WriteDictionary(DictionaryValue dictionary, Utf8Buffer output)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        int map = TFormat.BeginMap(output);
        if (dictionary.Elements is Dictionary<ScalarValue, LogEventPropertyValue> elements)
        {
            foreach ((ScalarValue key, LogEventPropertyValue value) in elements)
            {
                WriteMember(NameOf(key), value, map, output);
            }
        }
        else
        {
            foreach ((ScalarValue key, LogEventPropertyValue value) in dictionary.Elements)
            {
                WriteMember(NameOf(key), value, map, output);
            }
        }

        TFormat.EndMap(output);
    }

    private static string? NameOf(ScalarValue key) => key.Value is null ? "null" : key.Value.ToString();

    private static void WriteMember(string? name, LogEventPropertyValue value, int map, Utf8Buffer output)
    {
        TFormat.Next(map, output);
        TFormat.Name(name, output);
        Write(value, output);
    }
}
