using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.TestKit.Services;
using Npgsql;

namespace FaceFusion.Batch.Coordinator.Tests.Support;

/// <summary>An empty database on a real PostgreSQL, gone when it is disposed.</summary>
internal sealed class PostgresDatabase : IAsyncDisposable
{
    private readonly string _server;
    private readonly string _name = $"t{Guid.NewGuid():N}";

    private PostgresDatabase(string server)
    {
        _server = server;
        Options = new PostgresOptions
        {
            ConnectionString = new NpgsqlConnectionStringBuilder(server)
            {
                Database = _name,
                MaxPoolSize = 20,
            }.ToString(),
        };
    }

    public PostgresOptions Options { get; }

    public static async Task<PostgresDatabase> MakeAsync()
    {
        PostgresDatabase database = new(await RealServices.PostgresAsync());
        await database.AskAsync($"CREATE DATABASE {database._name}");
        return database;
    }

    public async ValueTask DisposeAsync()
    {
        await using (NpgsqlConnection own = new(Options.ConnectionString))
        {
            NpgsqlConnection.ClearPool(own);
        }

        await AskAsync($"DROP DATABASE {_name} WITH (FORCE)");
    }

    private async Task AskAsync(string sql)
    {
        await using NpgsqlConnection connection = new(_server);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(sql, connection);
        _ = await command.ExecuteNonQueryAsync();
    }
}
