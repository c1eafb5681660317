using System.Buffers;
using System.Buffers.Binary;
using Sink.Core.Compressing;

namespace Sink.Core.Tests.Compressing;

/// <summary>A compressor as a program might bring one: a frame is a length, and so many bytes turned over.</summary>
internal sealed class OwnCompressor : Compressor
{
    public const string OwnName = "own";

    public override string Name => Names.Name;

    public override string Suffix => Names.Suffix;

    public override string ContentType => Names.ContentType;

    public FrameKind Names { get; init; } = new(OwnName, ".own", "application/x-own; version=1");

    /// <summary>Called before each frame with its length.</summary>
    public Action<int> BeforeFrame { get; init; } = static _ => { };

    /// <summary>As a journal's settings hold it.</summary>
    public static CustomCompressor Find(Action<int>? beforeFrame = null) =>
        CustomCompressor.TryFind(() => new OwnCompressor { BeforeFrame = beforeFrame ?? (static _ => { }) }, out string fault) ?? throw new InvalidOperationException(fault);

    public override void Compress(ReadOnlySpan<byte> input, IBufferWriter<byte> output)
    {
        if (input.IsEmpty)
        {
            return;
        }

        Span<byte> frame = output.GetSpan(4 + input.Length);
        BinaryPrimitives.WriteInt32LittleEndian(frame, input.Length);
        output.Advance(4);

        // Half a frame may stand there when it throws.
        BeforeFrame(input.Length);
        for (int i = 0; i < input.Length; i++)
        {
            frame[4 + i] = (byte)~input[i];
        }

        output.Advance(input.Length);
    }

    public override Stream Decompress(Stream compressed)
    {
        using Stream owned = compressed;
        using BinaryReader reader = new(owned);
        MemoryStream text = new();
        while (true)
        {
            int first = reader.BaseStream.ReadByte();
            if (first < 0)
            {
                text.Position = 0;
                return text;
            }

            int length = first | (reader.ReadByte() << 8) | (reader.ReadUInt16() << 16);
            byte[] bytes = reader.ReadBytes(length);
            text.Write([.. bytes.Select(static b => (byte)~b)]);
            if (bytes.Length < length)
            {
                throw new EndOfStreamException("The frame is cut.");
            }
        }
    }
}
