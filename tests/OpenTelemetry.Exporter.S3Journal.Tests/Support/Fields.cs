using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace OpenTelemetry.Exporter.S3Journal.Tests.Support;

/// <summary>Compares messages field by field, to say where they differ.</summary>
internal static class Fields
{
    public static void Same(IMessage expected, IMessage actual)
    {
        List<string> differences = [];
        Compare(expected.Descriptor.Name, expected, actual, differences);
        Assert.True(differences.Count == 0, string.Join(Environment.NewLine, differences));
    }

    private static void Compare(string path, object? expected, object? actual, List<string> differences)
    {
        switch (expected, actual)
        {
            case (IMessage left, IMessage right):
                foreach (FieldDescriptor field in left.Descriptor.Fields.InFieldNumberOrder())
                {
                    string inner = $"{path}.{field.JsonName}";
                    if (field.HasPresence && field.Accessor.HasValue(left) != field.Accessor.HasValue(right))
                    {
                        differences.Add($"{inner}: {(field.Accessor.HasValue(left) ? "missing" : "not expected")}");
                    }
                    else
                    {
                        Compare(inner, field.Accessor.GetValue(left), field.Accessor.GetValue(right), differences);
                    }
                }

                break;
            case (IList left, IList right):
                if (left.Count != right.Count)
                {
                    differences.Add($"{path}: {left.Count} expected, {right.Count} found");
                }

                for (int i = 0; i < Math.Min(left.Count, right.Count); i++)
                {
                    Compare($"{path}[{i}]", left[i], right[i], differences);
                }

                break;
            case (double left, double right):
                // JSON has one NaN.
                if (!(double.IsNaN(left) && double.IsNaN(right)) && BitConverter.DoubleToInt64Bits(left) != BitConverter.DoubleToInt64Bits(right))
                {
                    differences.Add($"{path}: {left} expected, {right} found");
                }

                break;
            default:
                if (!Equals(expected, actual))
                {
                    differences.Add($"{path}: {expected} expected, {actual} found");
                }

                break;
        }
    }
}
