using System.Diagnostics;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tests.Support;
using FaceFusion.Batch.Hosting;
using FaceFusion.Batch.Media.Tools;
using FaceFusion.Batch.TestKit.Services;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace FaceFusion.Batch.Benchmarks.Control;

/// <summary>
/// How many chunks a second the control plane carries from the database over the broker to a worker and back into the database,
/// beside so many jobs that are over. PostgreSQL and RabbitMQ are real, blobs are files, and the workers do no work.
/// </summary>
internal static class ControlBenchmark
{
    private const int OpenJobs = 20;
    private const int ChunksPerJob = 1000;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(10);

    public static async Task RunAsync()
    {
        Console.WriteLine($"{Environment.ProcessorCount} cores, {OpenJobs} jobs in progress, {NoWork.Slots} slots");
        Console.WriteLine(
            "| stored jobs | chunks/s | CPU ms of coordinator and workers per chunk | rounds of the database per chunk |"
        );
        Console.WriteLine("| ---: | ---: | ---: | ---: |");
        // The first one compiles the code that all of them run.
        _ = await MeasureAsync(stored: 10);
        foreach (int stored in new[] { 10, 10_000, 100_000 })
        {
            Console.WriteLine(await MeasureAsync(stored));
        }
    }

    private static async Task<string> MeasureAsync(int stored)
    {
        string server = await RealServices.PostgresAsync();
        string database = $"t{Guid.NewGuid():N}";
        string folder = Directory.CreateTempSubdirectory("ffb-control-").FullName;
        await AskAsync(server, $"CREATE DATABASE {database}");
        await using RabbitMqHost broker = await RealServices.RabbitMqHostAsync();
        BusOptions bus = new() { RabbitMq = RabbitMqOptions.Parse(broker.Address), DrainSeconds = 0 };
        string connection = new NpgsqlConnectionStringBuilder(server) { Database = database }.ToString();
        QueryCount queries = new();
        IHost coordinator = await StartAsync(services =>
            services
                .AddCoordinator(
                    new CoordinatorOptions
                    {
                        WorkFolder = folder,
                        Postgres = new PostgresOptions { ConnectionString = connection },
                        IsEmbedded = false,
                    },
                    MediaTools.Locate()
                )
                .ConfigureDbContext<JobsDbContext>(context => context.AddInterceptors(queries))
                .AddBus(bus, consumers => consumers.AddCoordinatorConsumers())
        );
        var contexts = coordinator.Services.GetRequiredService<IDbContextFactory<JobsDbContext>>();
        await using (JobsDbContext context = await contexts.CreateDbContextAsync())
        {
            Guid model = Guid.Empty;
            for (int i = 0; i < OpenJobs; i++)
            {
                model = Add(context, ChunksPerJob);
            }

            Guid single = Add(context, 1);
            _ = await context.SaveChangesAsync();
            await Crowd.AddFinishedAsync(context, single, stored);
        }

        IHost worker = await StartAsync(services =>
            services.AddHostedService<NoWork>().AddBus(bus, consumers => consumers.AddConsumer<NoWorkConsumer>())
        );
        await Task.Delay(WarmUp);
        int before = await CountAsync(contexts);
        int asked = queries.Count;
        TimeSpan cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        await Task.Delay(Measured);
        int done = await CountAsync(contexts) - before;
        double seconds = watch.Elapsed.TotalSeconds;
        double milliseconds = (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalMilliseconds;
        string row = FormattableString.Invariant(
            $"| {stored:N0} | {done / seconds:F0} | {milliseconds / done:F1} | {(queries.Count - asked) / (double)done:F1} |"
        );
        foreach (IHost host in new[] { worker, coordinator })
        {
            await host.StopAsync();
            await ((IAsyncDisposable)host).DisposeAsync();
        }

        NpgsqlConnection.ClearAllPools();
        await AskAsync(server, $"DROP DATABASE {database} WITH (FORCE)");
        Directory.Delete(folder, recursive: true);
        return row;
    }

    private static async Task<int> CountAsync(IDbContextFactory<JobsDbContext> contexts)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync();
        return await context.Attempts.CountAsync(a => a.Outcome == AttemptOutcome.Fused);
    }

    internal static Guid Add(JobsDbContext context, int chunks)
    {
        JobRow job = new()
        {
            Id = Guid.NewGuid(),
            State = JobState.Fusing,
            Attempt = 3,
            TargetLabel = "clip.mp4",
            TargetSha256 = new string('a', 64),
            Recipe = new Recipe { Processors = [new SwapStep()] },
            Sources = [new StoredSource("source", [new string('c', 64)])],
            Format = new VideoFormat
            {
                Width = 1920,
                Height = 1080,
                PixelFormat = "yuv420p",
                TimeBase = new Rational(1, 25),
                FrameRate = new Rational(25, 1),
                Demuxer = "mov",
                Codec = "h264",
            },
            FrameCount = chunks * NoWork.Frames,
            FrameTableBlob = "jobs/x/table",
            ScanBlob = "jobs/x/scan",
            AnalysisKey = new string('b', 64),
            PipelineKey = "key",
        };
        _ = context.Jobs.Add(job);
        context.Chunks.AddRange(
            Enumerable
                .Range(0, chunks)
                .Select(i => new ChunkRow
                {
                    JobId = job.Id,
                    Index = i,
                    Start = i * NoWork.Frames,
                    End = (i + 1) * NoWork.Frames,
                    Cost = 100 + (i % 17),
                })
        );
        return job.Id;
    }

    private static Task<IHost> StartAsync(Action<IServiceCollection> add)
    {
        // The bus keeps its logger in the caller's execution context, where the next host would find it.
        using (ExecutionContext.SuppressFlow())
        {
            return Task.Run(async () =>
            {
                HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(
                    new HostApplicationBuilderSettings()
                );
                add(builder.Services);
                IHost host = builder.Build();
                await host.StartAsync();
                return host;
            });
        }
    }

    private static async Task AskAsync(string server, string sql)
    {
        await using NpgsqlConnection connection = new(server);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(sql, connection);
        _ = await command.ExecuteNonQueryAsync();
    }
}
