using System.Diagnostics;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Benchmarks.Measuring;
using Benchmarks.Peers;
using Sink.Core;

namespace Benchmarks.Pairs;

/// <summary>
/// Raw megabytes per second into an S3 server, from the first append until all is delivered, against the SDK alone putting
/// objects of the same text that were compressed beforehand; four puts at a time on both sides.
/// </summary>
internal sealed class S3Pairs : IDisposable
{
    public const string Group = "s3";

    private const int Concurrency = 4;
    private const int FramesOfObject = 24;

    private readonly Bench _bench;
    private readonly S3Options _server;
    private readonly AmazonS3Client _client;
    private readonly string _bucket = $"bench-{Guid.NewGuid():N}";
    private int _run;

    private S3Pairs(Bench bench, S3Options server)
    {
        _bench = bench;
        _server = server;
        AmazonS3Config config = new()
        {
            ServiceURL = server.Endpoint,
            AuthenticationRegion = server.Region,
            ForcePathStyle = true,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        _client = new AmazonS3Client(new BasicAWSCredentials(server.AccessKeyId, server.SecretAccessKey), config);
        _client.PutBucketAsync(_bucket).Wait();
    }

    /// <summary>Null when the environment names no server.</summary>
    public static S3Pairs? TryOpen(Bench bench)
    {
        string? endpoint = Environment.GetEnvironmentVariable("S3JOURNAL_TEST_ENDPOINT");
        return string.IsNullOrEmpty(endpoint)
            ? null
            : new S3Pairs(bench, new S3Options
            {
                Endpoint = endpoint,
                AccessKeyId = Environment.GetEnvironmentVariable("S3JOURNAL_TEST_ACCESS_KEY"),
                SecretAccessKey = Environment.GetEnvironmentVariable("S3JOURNAL_TEST_SECRET_KEY"),
                Region = Environment.GetEnvironmentVariable("S3JOURNAL_TEST_REGION") ?? "us-east-1",
            });
    }

    public IEnumerable<Pair> All()
    {
        yield return new Pair(Group, "append, commit, compress and put, 4 streams", "MB/s", "the SDK putting ready-made objects", Ours, Theirs);
    }

    public void Dispose() => _client.Dispose();

    private int Rounds => _bench.Scaled(48);

    private Figure Ours()
    {
        byte[][] lines = RealEvents.Instance.Lines;
        DateTimeOffset now = DateTimeOffset.UtcNow;
        JournalOptions options = _bench.Options(new Uri($"s3://{_bucket}/ours-{++_run}"));
        options.S3 = _server;
        options.MaxConcurrentUploads = Concurrency;
        options.MaxObjectBytes = 4 << 20;
        using Journal journal = Journal.Open(options);
        JournalStream[] streams = [.. Enumerable.Range(0, Concurrency).Select(number => journal.GetStream($"bench{number}"))];
        long begun = Stopwatch.GetTimestamp();
        for (int round = 0; round < Rounds; round++)
        {
            JournalStream stream = streams[round % Concurrency];
            foreach (byte[] line in lines)
            {
                stream.Append(now, line);
            }
        }

        journal.FlushAsync().Wait();
        double seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        Stored.Check(journal, (long)Rounds * lines.Length);
        return new Figure { Value = RealEvents.Instance.BytesOf(Rounds) / seconds / 1e6 };
    }

    private Figure Theirs()
    {
        Queue<byte[]> objects = new(ReadyMade(out long rawBytes));
        string prefix = $"theirs-{++_run}";
        long begun = Stopwatch.GetTimestamp();
        Task.WaitAll([.. Enumerable.Range(0, Concurrency).Select(_ => Task.Run(PutAll))]);
        return new Figure { Value = rawBytes / Stopwatch.GetElapsedTime(begun).TotalSeconds / 1e6 };

        async Task PutAll()
        {
            while (true)
            {
                byte[]? content;
                int left;
                lock (objects)
                {
                    if (!objects.TryDequeue(out content))
                    {
                        return;
                    }

                    left = objects.Count;
                }

                using MemoryStream stream = new(content);
                await _client.PutObjectAsync(new PutObjectRequest { BucketName = _bucket, Key = $"{prefix}/{left:D6}", InputStream = stream }).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Objects of about the size of ours.</summary>
    private List<byte[]> ReadyMade(out long rawBytes)
    {
        List<byte[]> text = RealEvents.Instance.Text(BareCompressor.FrameBytes);
        using BareCompressor compressor = new();
        using MemoryStream frames = new();
        List<byte[]> objects = [];
        rawBytes = 0;
        for (int frame = 0; frame < Rounds * text.Count; frame++)
        {
            byte[] piece = text[frame % text.Count];
            rawBytes += piece.Length;
            frames.Write(compressor.Compress(piece));
            if ((frame + 1) % FramesOfObject == 0 || frame == (Rounds * text.Count) - 1)
            {
                objects.Add(frames.ToArray());
                frames.SetLength(0);
            }
        }

        return objects;
    }
}
