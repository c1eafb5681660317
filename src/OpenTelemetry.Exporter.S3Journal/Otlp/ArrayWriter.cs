using System.Numerics;

namespace OpenTelemetry.Exporter.S3Journal.Otlp;

/// <summary>
/// Arrays, into an AnyValue that is begun. Their elements are single values; what else stands in one is written as its text. Which array is taken for which kind
/// follows the OTLP exporter to the letter: the runtime lets an array of an enumeration pass for one of integers, and one of unsigned integers for one of signed.
/// </summary>
internal static class ArrayWriter<TFormat>
    where TFormat : struct, IOtlpFormat
{
    public static void Write(Array array, in ValueBudget budget, Utf8Buffer output)
    {
        if (array.GetType() == typeof(byte[]))
        {
            TFormat.Bytes(OtlpFields.BytesValue, budget.Cut((byte[])array), output);
            return;
        }

        int begin = output.Length;
        bool isWhole = array.Length == 0 || (array.Rank == 1 && array.GetLowerBound(0) == 0);
        if (isWhole)
        {
            int message = TFormat.BeginMessage(OtlpFields.ArrayValue, output);
            int content = output.Length;
            int list = TFormat.BeginList(OtlpFields.Values, output);
            isWhole = TryWriteElements(array, content + ValueBudget.MaxArrayBytes, budget, output);
            TFormat.EndList(list, output);
            TFormat.EndMessage(message, output);
        }

        if (!isWhole)
        {
            output.Truncate(begin);
            TFormat.Text(OtlpFields.StringValue, "TRUNCATED", output);
        }
    }

    private static bool TryWriteElements(Array array, int end, in ValueBudget budget, Utf8Buffer output) => array switch
    {
        char[] letters => TryWriteLetters(letters, end, output),
        bool[] flags => TryWriteFlags(flags, end, output),
        byte[] => array.GetType() == typeof(sbyte[]) ? TryWriteIntegers((sbyte[])array, end, output) : TryWriteIntegers((byte[])array, end, output),
        short[] => array.GetType() == typeof(ushort[]) ? TryWriteIntegers((ushort[])array, end, output) : TryWriteIntegers((short[])array, end, output),
        int[] => array.GetType() == typeof(uint[]) ? TryWriteIntegers((uint[])array, end, output) : TryWriteIntegers((int[])array, end, output),
        long[] => array.GetType() == typeof(ulong[])
            ? TryWriteTexts((ulong[])array, end, new ValueBudget(int.MaxValue, int.MaxValue), output)
            : TryWriteIntegers((long[])array, end, output),
        float[] numbers => TryWriteNumbers(numbers, end, output),
        double[] numbers => TryWriteNumbers(numbers, end, output),
        object?[] objects => TryWriteObjects(objects, end, budget, output),
        decimal[] values => TryWriteTexts(values, end, budget, output),
        Guid[] values => TryWriteTexts(values, end, budget, output),
        DateTime[] values => TryWriteTexts(values, end, budget, output),
        DateTimeOffset[] values => TryWriteTexts(values, end, budget, output),
        TimeSpan[] values => TryWriteTexts(values, end, budget, output),
        _ => TryWriteOthers(array, end, budget, output),
    };

    private static bool TryWriteIntegers<T>(T[] values, int end, Utf8Buffer output)
        where T : struct, IBinaryInteger<T>
    {
        foreach (T value in values)
        {
            int element = TFormat.BeginElement(OtlpFields.Values, output);
            TFormat.Integer(OtlpFields.IntValue, long.CreateTruncating(value), output);
            TFormat.EndMessage(element, output);
            if (output.Length > end)
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryWriteNumbers<T>(T[] values, int end, Utf8Buffer output)
        where T : struct, IFloatingPoint<T>
    {
        foreach (T value in values)
        {
            int element = TFormat.BeginElement(OtlpFields.Values, output);
            TFormat.Double(OtlpFields.DoubleValue, double.CreateTruncating(value), output);
            TFormat.EndMessage(element, output);
            if (output.Length > end)
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryWriteFlags(bool[] values, int end, Utf8Buffer output)
    {
        foreach (bool value in values)
        {
            int element = TFormat.BeginElement(OtlpFields.Values, output);
            TFormat.Bool(OtlpFields.BoolValue, value, output);
            TFormat.EndMessage(element, output);
            if (output.Length > end)
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryWriteLetters(char[] values, int end, Utf8Buffer output)
    {
        foreach (char value in values)
        {
            int element = TFormat.BeginElement(OtlpFields.Values, output);
            ScalarWriter<TFormat>.WriteLetter(value, output);
            TFormat.EndMessage(element, output);
            if (output.Length > end)
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryWriteTexts<T>(T[] values, int end, in ValueBudget budget, Utf8Buffer output)
        where T : struct, ISpanFormattable
    {
        foreach (T value in values)
        {
            int element = TFormat.BeginElement(OtlpFields.Values, output);
            ScalarWriter<TFormat>.TryFormat(value, budget, output);
            TFormat.EndMessage(element, output);
            if (output.Length > end)
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryWriteObjects(object?[] values, int end, in ValueBudget budget, Utf8Buffer output)
    {
        foreach (object? value in values)
        {
            if (!TryWriteObject(value, end, budget, output))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryWriteOthers(Array values, int end, in ValueBudget budget, Utf8Buffer output)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!TryWriteObject(values.GetValue(i), end, budget, output))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryWriteObject(object? value, int end, in ValueBudget budget, Utf8Buffer output)
    {
        int element = TFormat.BeginElement(OtlpFields.Values, output);
        if (!ScalarWriter<TFormat>.TryWrite(value, budget, output))
        {
            // One without a text stays an AnyValue without a value.
            ScalarWriter<TFormat>.TryWriteText(value!, budget, output);
        }

        TFormat.EndMessage(element, output);
        return output.Length <= end;
    }
}
