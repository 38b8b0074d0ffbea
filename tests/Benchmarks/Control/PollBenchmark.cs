using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using FaceFusion.Batch.Coordinator;
using FaceFusion.Batch.Coordinator.Api;
using FaceFusion.Batch.Coordinator.Api.Access;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tests.Support;
using FaceFusion.Batch.Hosting;
using FaceFusion.Batch.Media.Tools;
using FaceFusion.Batch.TestKit.Services;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace FaceFusion.Batch.Benchmarks.Control;

/// <summary>
/// How many conditional polls a second one Coordinator answers over real connections, with PostgreSQL behind it and 100,000 jobs stored.
/// The clients are in the same process and on the same cores.
/// </summary>
internal static class PollBenchmark
{
    private const int Connections = 32;
    private const int Stored = 100_000;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(10);

    public static async Task RunAsync()
    {
        string server = await RealServices.PostgresAsync();
        string database = $"t{Guid.NewGuid():N}";
        string folder = Directory.CreateTempSubdirectory("ffb-polls-").FullName;
        await AskAsync(server, $"CREATE DATABASE {database}");
        QueryCount queries = new();
        WebApplicationBuilder builder = CoordinatorApi.CreateBuilder(new ApiOptions { Url = "http://127.0.0.1:0" });
        _ = builder.Logging.SetMinimumLevel(LogLevel.Warning);
        _ = builder
            .Services.AddCoordinator(
                new CoordinatorOptions
                {
                    WorkFolder = folder,
                    Postgres = new PostgresOptions
                    {
                        ConnectionString = new NpgsqlConnectionStringBuilder(server) { Database = database }.ToString(),
                    },
                    IsEmbedded = false,
                },
                MediaTools.Locate()
            )
            .ConfigureDbContext<JobsDbContext>(context => context.AddInterceptors(queries))
            .AddBus(new BusOptions { DrainSeconds = 0 }, consumers => consumers.AddCoordinatorConsumers());
        await using WebApplication app = builder.Build();
        app.MapApi();
        await app.StartAsync();
        MadeKey key = await app
            .Services.GetRequiredService<ApiKeys>()
            .CreateAsync("acme", "polls", [ApiScope.ReadJobs], null, default);
        Guid job = await FillAsync(app.Services.GetRequiredService<IDbContextFactory<JobsDbContext>>());
        Uri address = new(
            app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()
        );

        using CancellationTokenSource over = new();
        long[] answered = new long[Connections];
        Task[] clients =
        [
            .. Enumerable
                .Range(0, Connections)
                .Select(i =>
                    Task.Run(() =>
                        PollAsync(address, job, key.Text, count => Volatile.Write(ref answered[i], count), over.Token)
                    )
                ),
        ];
        await Task.Delay(WarmUp);
        long before = answered.Sum();
        int asked = queries.Count;
        TimeSpan cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        await Task.Delay(Measured);
        long polls = answered.Sum() - before;
        double milliseconds = (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalMilliseconds;
        Console.WriteLine(
            FormattableString.Invariant(
                $"{Environment.ProcessorCount} cores, {Stored:N0} stored jobs, {Connections} connections: {polls / watch.Elapsed.TotalSeconds:F0} polls/s, all 304; {milliseconds / polls:F2} ms of CPU (client and server) and {(queries.Count - asked) / (double)polls:F2} statements a poll"
            )
        );
        await over.CancelAsync();
        await Task.WhenAll(clients);
        await app.StopAsync();
        NpgsqlConnection.ClearAllPools();
        await AskAsync(server, $"DROP DATABASE {database} WITH (FORCE)");
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>One job in work beside many that are over.</summary>
    private static async Task<Guid> FillAsync(IDbContextFactory<JobsDbContext> contexts)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync();
        Guid model = ControlBenchmark.Add(context, 1);
        _ = await context.SaveChangesAsync();
        await Crowd.AddFinishedAsync(context, model, Stored);
        _ = await context
            .Jobs.Where(j => j.Id == model)
            .ExecuteUpdateAsync(set => set.SetProperty(j => j.TenantId, "acme"));
        return model;
    }

    /// <summary>Asks over one connection, again and again, with the version that the first answer had.</summary>
    private static async Task PollAsync(
        Uri address,
        Guid job,
        string key,
        Action<long> answered,
        CancellationToken stop
    )
    {
        using TcpClient line = new(address.Host, address.Port);
        await using NetworkStream stream = line.GetStream();
        byte[] buffer = new byte[65_536];
        string first = await AskAsync(stream, job, key, "\"none\"", buffer);
        string tag = first.Split("\r\n").Single(l => l.StartsWith("ETag: ", StringComparison.OrdinalIgnoreCase))[6..];
        byte[] request = RequestFor(job, key, tag);
        long count = 0;
        while (!stop.IsCancellationRequested)
        {
            await stream.WriteAsync(request, CancellationToken.None);
            int length = 0;
            do
            {
                length += await stream.ReadAsync(buffer.AsMemory(length), CancellationToken.None);
            } while (!buffer.AsSpan(0, length).EndsWith("\r\n\r\n"u8));
            if (!buffer.AsSpan(0, length).StartsWith("HTTP/1.1 304"u8))
            {
                throw new InvalidOperationException(Encoding.ASCII.GetString(buffer, 0, length));
            }

            answered(++count);
        }
    }

    private static async Task<string> AskAsync(NetworkStream stream, Guid job, string key, string tag, byte[] buffer)
    {
        await stream.WriteAsync(RequestFor(job, key, tag));
        await Task.Delay(TimeSpan.FromSeconds(1));
        return Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer));
    }

    private static byte[] RequestFor(Guid job, string key, string tag) =>
        Encoding.ASCII.GetBytes(
            $"GET /v1/jobs/job_{job:N} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\nIf-None-Match: {tag}\r\n\r\n"
        );

    private static async Task AskAsync(string server, string sql)
    {
        await using NpgsqlConnection connection = new(server);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(sql, connection);
        _ = await command.ExecuteNonQueryAsync();
    }
}
