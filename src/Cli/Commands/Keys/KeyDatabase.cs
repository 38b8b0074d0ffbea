using System.CommandLine;
using FaceFusion.Batch.Cli.Fleet;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Coordinator.Api.Access;
using FaceFusion.Batch.Coordinator.State;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace FaceFusion.Batch.Cli.Commands.Keys;

/// <summary>
/// The keys in a coordinator's database, reached directly: whoever may write to that may do everything, so that this is where the
/// first key comes from. The coordinator may be running or not.
/// </summary>
internal static class KeyDatabase
{
    public static void AddOptionsTo(Command command)
    {
        command.Options.Add(FleetOptions.Postgres.Option);
        command.Options.Add(FleetOptions.Work.Option);
    }

    /// <exception cref="FusionException">The database cannot be reached or used.</exception>
    public static async Task<T> UseAsync<T>(ParseResult parsed, Func<ApiKeys, Task<T>> use)
    {
        IJobsDatabase database = Database(parsed);
        await using ServiceProvider services = new ServiceCollection()
            .AddDbContextFactory<JobsDbContext>(database.Configure)
            .BuildServiceProvider();
        IDbContextFactory<JobsDbContext> contexts = services.GetRequiredService<IDbContextFactory<JobsDbContext>>();
        await using (JobsDbContext context = await contexts.CreateDbContextAsync())
        {
            await database.PrepareAsync(context, CancellationToken.None);
        }

        return await use(new ApiKeys(contexts, TimeProvider.System));
    }

    /// <summary>A work folder that is named on the command line is meant more than a database that the environment holds.</summary>
    private static IJobsDatabase Database(ParseResult parsed)
    {
        bool isFolderNamed = parsed.GetValue(FleetOptions.Work.Option) is { Length: > 0 };
        if (!isFolderNamed && FleetOptions.Postgres.Read(parsed) is not null)
        {
            return new PostgresJobs(FleetOptions.ReadPostgres(parsed));
        }

        string folder = FleetOptions.ReadWork(parsed);
        try
        {
            _ = Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(
                "work-folder-unreadable",
                $"The work folder {folder} cannot be used ({e.Message}).",
                isTransient: false,
                e
            );
        }

        return new SqliteJobs(folder);
    }
}
