using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace Benchmarks.Peers;

/// <summary>A queue in a SQLite table: WAL, <c>synchronous=FULL</c> (an fsync of the WAL at each commit), one connection, a prepared insert.</summary>
internal sealed class SqlitePeer : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert;
    private readonly SqliteParameter _payload;
    private readonly Channel<(byte[] Payload, TaskCompletionSource Done)> _waiting = Channel.CreateUnbounded<(byte[], TaskCompletionSource)>(new UnboundedChannelOptions { SingleReader = true });
    private readonly List<TaskCompletionSource> _inTransaction = [];
    private SqliteTransaction? _transaction;

    public SqlitePeer(string directory)
    {
        Directory.CreateDirectory(directory);
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Join(directory, "queue.db"), Pooling = false }.ToString());
        _connection.Open();
        Execute("PRAGMA journal_mode = WAL");
        Execute("PRAGMA synchronous = FULL");
        Execute("PRAGMA locking_mode = EXCLUSIVE");
        Execute("CREATE TABLE entry (id INTEGER PRIMARY KEY, timestamp INTEGER NOT NULL, stream INTEGER NOT NULL, payload BLOB NOT NULL)");
        _insert = _connection.CreateCommand();
        _insert.CommandText = "INSERT INTO entry (timestamp, stream, payload) VALUES ($timestamp, 1, $payload)";
        _insert.Parameters.AddWithValue("$timestamp", DateTime.UtcNow.Ticks);
        _payload = _insert.Parameters.Add("$payload", SqliteType.Blob);
        _insert.Prepare();
    }

    /// <summary>Transactions committed.</summary>
    public long Commits { get; private set; }

    /// <summary>Inserts into the open transaction, which it begins when there is none.</summary>
    public void Insert(byte[] payload)
    {
        if (_transaction is null)
        {
            _transaction = _connection.BeginTransaction();
            _insert.Transaction = _transaction;
        }

        _payload.Value = payload;
        _insert.ExecuteNonQuery();
    }

    public void Commit()
    {
        _transaction?.Commit();
        _transaction?.Dispose();
        _transaction = null;
        Commits++;
    }

    public Task AppendDurableAsync(byte[] payload)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Writer.TryWrite((payload, done));
        return done.Task;
    }

    /// <summary>No more entries come.</summary>
    public void Complete() => _waiting.Writer.Complete();

    /// <summary>The one writer's loop: all that wait go into one transaction.</summary>
    public void Write()
    {
        while (_waiting.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (_waiting.Reader.TryRead(out (byte[] Payload, TaskCompletionSource Done) entry))
            {
                Insert(entry.Payload);
                _inTransaction.Add(entry.Done);
            }

            Commit();
            _inTransaction.ForEach(static done => done.SetResult());
            _inTransaction.Clear();
        }
    }

    public void Dispose()
    {
        _insert.Dispose();
        _transaction?.Dispose();
        _connection.Dispose();
    }

    private void Execute(string sql)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
