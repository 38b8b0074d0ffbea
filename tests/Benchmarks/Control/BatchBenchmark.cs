using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Batches;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator;
using FaceFusion.Batch.Coordinator.Api;
using FaceFusion.Batch.Coordinator.Api.Access;
using FaceFusion.Batch.Coordinator.Dispatching;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Sweeping;
using FaceFusion.Batch.Coordinator.Tests.Support;
using FaceFusion.Batch.Hosting;
using FaceFusion.Batch.Media.Tools;
using FaceFusion.Batch.Storage;
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
/// How long a batch of so many rows takes from the request until all of its jobs are in the database, and what so many waiting jobs
/// cost sweeper and dispatcher and put into the broker. PostgreSQL and RabbitMQ are real; nobody prepares or fuses.
/// </summary>
internal static class BatchBenchmark
{
    private const int Targets = 100;

    public static async Task RunAsync()
    {
        Console.WriteLine($"{Environment.ProcessorCount} cores, {Targets} targets, rows of one manifest");
        Console.WriteLine(
            "| rows | seconds until all jobs are entered | statements per row | ms for a look at the batch | ms for a sweep | ms for a round of the dispatcher | orders to prepare that were out at a time, the most in 30 s |"
        );
        Console.WriteLine("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (int rows in new[] { 1000, 10_000, ManyRows })
        {
            Console.WriteLine(await MeasureAsync(rows));
        }
    }

    private const int ManyRows = 100_000;

    private static async Task<string> MeasureAsync(int rows)
    {
        string server = await RealServices.PostgresAsync();
        string database = $"t{Guid.NewGuid():N}";
        string folder = Directory.CreateTempSubdirectory("ffb-batch-").FullName;
        await AskAsync(server, $"CREATE DATABASE {database}");
        await using RabbitMqHost broker = await RealServices.RabbitMqHostAsync();
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
            .AddBus(
                new BusOptions { RabbitMq = RabbitMqOptions.Parse(broker.Address), DrainSeconds = 0 },
                consumers => consumers.AddCoordinatorConsumers(withMedia: false)
            );
        WebApplication app = builder.Build();
        app.MapApi();
        await app.StartAsync();
        string row;
        try
        {
            row = await MeasureAsync(app, queries, rows);
        }
        finally
        {
            await app.StopAsync();
            await app.DisposeAsync();
            NpgsqlConnection.ClearAllPools();
            await AskAsync(server, $"DROP DATABASE {database} WITH (FORCE)");
            Directory.Delete(folder, recursive: true);
        }

        return row;
    }

    private static async Task<string> MeasureAsync(WebApplication app, QueryCount queries, int rows)
    {
        string upload = await FillAsync(app.Services, rows);
        MadeKey key = await app
            .Services.GetRequiredService<ApiKeys>()
            .CreateAsync("acme", "batch", [ApiScope.Admin], null, default);
        string address = app
            .Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!
            .Addresses.Single();
        using HttpClient client = new() { BaseAddress = new Uri(address) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key.Text);

        int asked = queries.Count;
        var watch = Stopwatch.StartNew();
        HttpResponseMessage made = await client.PostAsJsonAsync(
            "/v1/batches",
            new CreateBatch { ManifestUpload = upload },
            ApiJson.Answers
        );
        ApiBatch batch = await ReadAsync(made);
        while (batch.State == BatchStep.Reading)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200));
            batch = await ReadAsync(await client.GetAsync($"/v1/batches/{batch.Id}"));
        }

        double seconds = watch.Elapsed.TotalSeconds;
        double statements = (queries.Count - asked) / (double)rows;
        if (batch.State != BatchStep.Running || batch.Rows.Submitted != rows)
        {
            throw new InvalidOperationException(JsonSerializer.Serialize(batch, ApiJson.Answers));
        }

        double look = await TimeAsync(() => client.GetAsync($"/v1/batches/{batch.Id}"));
        var sweeper = app.Services.GetRequiredService<Sweeper>();
        double sweep = await TimeAsync(() => sweeper.SweepAsync(default));
        var dispatcher = app.Services.GetRequiredService<Dispatcher>();
        double round = await TimeAsync(() => dispatcher.ReleaseAsync(default));
        int orders = await MostOrdersAsync(app.Services, TimeSpan.FromSeconds(30));
        return FormattableString.Invariant(
            $"| {rows:N0} | {seconds:F1} | {statements:F2} | {look:F1} | {sweep:F1} | {round:F1} | {orders} |"
        );
    }

    /// <summary>Targets that are ready, and a manifest that asks for jobs on them, each in the store.</summary>
    private static async Task<string> FillAsync(IServiceProvider services, int rows)
    {
        UploadRow[] targets = [.. Enumerable.Range(0, Targets).Select(_ => BatchParts.ReadyTarget("acme"))];
        SourceRow source = BatchParts.Source("acme");
        string of = ApiIds.Write(ApiIds.Source, source.Id);
        StringBuilder lines = new();
        for (int i = 0; i < rows; i++)
        {
            string target = ApiIds.Write(ApiIds.Upload, targets[i % Targets].Id);
            _ = lines.Append(
                $$$"""{"id":"row-{{{i}}}","target":"{{{target}}}","sources":["{{{of}}}"],"recipe":{"processors":[{"processor":"swap"}]},"labels":{"n":"{{{i % 7}}}"}}"""
            );
            _ = lines.Append('\n');
        }

        byte[] bytes = Encoding.UTF8.GetBytes(lines.ToString());
        UploadRow manifest = BatchParts.ReadyTarget("acme");
        manifest.Purpose = UploadPurpose.Manifest;
        manifest.Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
        await using MemoryStream content = new(bytes);
        _ = await services
            .GetRequiredService<IBlobStore>()
            .PutAsync(BlobNames.Manifest(manifest.Sha256), content, default);
        await using JobsDbContext context = await services
            .GetRequiredService<IDbContextFactory<JobsDbContext>>()
            .CreateDbContextAsync();
        context.Uploads.AddRange(targets);
        _ = context.Uploads.Add(manifest);
        _ = context.Sources.Add(source);
        _ = await context.SaveChangesAsync();
        return ApiIds.Write(ApiIds.Upload, manifest.Id);
    }

    private static async Task<ApiBatch> ReadAsync(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<ApiBatch>(ApiJson.Answers))!;

    /// <summary>Milliseconds, the middle one of eleven.</summary>
    private static async Task<double> TimeAsync(Func<Task> work)
    {
        List<double> times = [];
        for (int i = 0; i < 11; i++)
        {
            var watch = Stopwatch.StartNew();
            await work();
            times.Add(watch.Elapsed.TotalMilliseconds);
        }

        return times.Order().ElementAt(5);
    }

    /// <summary>Jobs whose order was sent and which nobody has taken.</summary>
    private static async Task<int> MostOrdersAsync(IServiceProvider services, TimeSpan time)
    {
        int most = 0;
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < time; await Task.Delay(500))
        {
            await using JobsDbContext context = await services
                .GetRequiredService<IDbContextFactory<JobsDbContext>>()
                .CreateDbContextAsync();
            most = Math.Max(most, await context.Jobs.CountAsync(j => j.State == JobState.Preparing));
        }

        return most;
    }

    private static async Task AskAsync(string server, string sql)
    {
        await using NpgsqlConnection connection = new(server);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(sql, connection);
        _ = await command.ExecuteNonQueryAsync();
    }
}
