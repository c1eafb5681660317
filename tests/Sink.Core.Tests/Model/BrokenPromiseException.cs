using System.Globalization;
using System.Runtime.CompilerServices;

namespace Sink.Core.Tests.Model;

/// <summary>What the journal did is not what it promises.</summary>
internal sealed class BrokenPromiseException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>The message is put together only when it is needed: promises are checked millions of times.</summary>
    public static void Unless(bool holds, [InterpolatedStringHandlerArgument(nameof(holds))] ref Words message)
    {
        if (!holds)
        {
            throw new BrokenPromiseException(message.ToString());
        }
    }

    public static void Unless(bool holds, string message)
    {
        if (!holds)
        {
            throw new BrokenPromiseException(message);
        }
    }

    [InterpolatedStringHandler]
    public ref struct Words
    {
        private DefaultInterpolatedStringHandler _text;

        public Words(int literalLength, int formattedCount, bool holds, out bool isNeeded)
        {
            isNeeded = !holds;
            _text = isNeeded ? new DefaultInterpolatedStringHandler(literalLength, formattedCount, CultureInfo.InvariantCulture) : default;
        }

        public void AppendLiteral(string text) => _text.AppendLiteral(text);

        public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

        public override string ToString() => _text.ToStringAndClear();
    }
}
