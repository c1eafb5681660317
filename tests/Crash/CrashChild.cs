using System.Globalization;
using System.Text;
using Sink.Core;

namespace Crash;

/// <summary>Logs until it is killed or its standard input ends, and says on standard output which entries are stored.</summary>
internal sealed class CrashChild
{
    public const string Opening = "opening";
    public const string Opened = "opened ";
    public const string Closed = "closed";
    public const string Failed = "failed ";

    private readonly Stream _output = Console.OpenStandardOutput();
    private readonly int _life;
    private readonly int _seed;
    private readonly Shape _shape;
    private volatile bool _stop;

    private CrashChild(Arguments arguments, int life)
    {
        _life = life;
        _seed = arguments.Seed;
        _shape = Shape.Of(arguments.Seed, life, arguments.IsHeld);
    }

    public static int Run(Arguments arguments, int life) => new CrashChild(arguments, life).Run(new RunPlace(arguments.Directory));

    private int Run(RunPlace place)
    {
        JournalOptions options = place.Options(failure =>
        {
            // One that is held says at its end what it leaves.
            if (failure.Kind != JournalFailureKind.Temporary && !(failure.Kind == JournalFailureKind.Final && _shape.IsHeld))
            {
                Say($"{Failed}{failure.Kind}: {failure.Message}\n");
            }
        });
        _shape.Apply(options);
        Say($"{Opening}\n");
        using (Journal journal = Journal.Open(options))
        {
            Say(string.Create(CultureInfo.InvariantCulture, $"{Opened}{journal.GetStats().Lane}\n"));
            Thread[] threads = [.. Enumerable.Range(0, Shape.Threads).Select(number => new Thread(() => Write(journal, number)))];
            Array.ForEach(threads, static thread => thread.Start());

            // Ends with the parent too, however that ends.
            while (Console.In.ReadLine() is not null)
            {
            }

            _stop = true;
            Array.ForEach(threads, static thread => thread.Join());
        }

        Say($"{Closed}\n");
        return 0;
    }

    private void Write(Journal journal, int thread)
    {
        // Half of the streams are the thread's own, the other half are everybody's.
        Random random = new(Shape.HashOf(_seed, (_life * Shape.Threads) + thread));
        JournalStream[] streams = [journal.GetStream($"own/{thread}"), .. Enumerable.Range(0, Shape.Threads).Select(number => journal.GetStream($"shared/{number}"))];
        long written = 0;
        while (!_stop)
        {
            int burst = random.Next(1, Shape.MostInBurst + 1);
            bool durable = random.Next(_shape.DurableOneIn) == 0;
            for (int i = 0; i < burst; i++)
            {
                JournalStream stream = streams[Math.Max(0, random.Next(-3, streams.Length))];
                byte[] payload = new Entry(_life, thread, ++written, random.Next(_shape.MostFill)).ToBytes();
                Append(stream, payload, durable && i == burst - 1);
            }

            // One write a line, short enough for a pipe to take it as a whole.
            Say(Acknowledgement.Line(thread, written));
            Thread.Sleep(random.Next(_shape.MostPauseInMs));
        }
    }

    private void Append(JournalStream stream, byte[] payload, bool durable)
    {
        if (durable)
        {
            stream.AppendDurable(DateTimeOffset.UtcNow, payload, TimeSpan.FromMinutes(2));
        }
        else if (stream.Append(DateTimeOffset.UtcNow, payload) is not AppendResult.Stored and var result)
        {
            Say($"{Failed}an append was answered with {result}\n");
            Environment.Exit(1);
        }
    }

    private void Say(string line) => _output.Write(Encoding.UTF8.GetBytes(line));
}
