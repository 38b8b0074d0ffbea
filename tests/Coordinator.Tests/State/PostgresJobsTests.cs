using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Sweeping;
using FaceFusion.Batch.Coordinator.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.Tests.State;

/// <summary>The tables of a fleet's database: made once, brought up to date, never by two at a time.</summary>
public sealed class PostgresJobsTests
{
    [Fact]
    public async Task Prepare_ByManyAtOnce_MakesTheTablesOnce()
    {
        await using PostgresDatabase database = await PostgresDatabase.MakeAsync();

        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => PrepareAsync(database.Options)));

        await using JobsDbContext context = Open(database.Options);
        Assert.Empty(await context.Jobs.ToListAsync(TestContext.Current.CancellationToken));
        Assert.Equal(
            context.Database.GetMigrations(),
            await context.Database.GetAppliedMigrationsAsync(TestContext.Current.CancellationToken)
        );
        await new PostgresJobs(database.Options).TryWriteAsync(context, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Migrations_AreThoseOfTheRows()
    {
        using JobsDbContext context = Open(new PostgresOptions { ConnectionString = "Host=nowhere" });

        Assert.False(
            context.Database.HasPendingModelChanges(),
            "A row has changed: add a migration (CONTRIBUTING.md)."
        );
    }

    [Fact]
    public async Task Prepare_ADatabaseOfANewerVersion_IsRefusedByName()
    {
        await using PostgresDatabase database = await PostgresDatabase.MakeAsync();
        await PrepareAsync(database.Options);
        await using (JobsDbContext context = Open(database.Options))
        {
            _ = await context.Database.ExecuteSqlRawAsync(
                "INSERT INTO \"__EFMigrationsHistory\" VALUES ('29990101000000_Later', '99.0.0')",
                TestContext.Current.CancellationToken
            );
        }

        StorageException refused = await Assert.ThrowsAsync<StorageException>(() => PrepareAsync(database.Options));

        Assert.Equal("database-newer", refused.Code);
    }

    [Fact]
    public async Task Prepare_WithoutAServer_IsRefusedByNameAndWithoutThePassword()
    {
        PostgresOptions options = new()
        {
            ConnectionString = "Host=127.0.0.1;Port=1;Username=ffb;Password=SECRET;Database=ffb",
        };

        StorageException refused = await Assert.ThrowsAsync<StorageException>(() => PrepareAsync(options));

        Assert.Equal(("database-unreachable", true), (refused.Code, refused.IsTransient));
        Assert.DoesNotContain("SECRET", refused.ToString() + options);
        await using JobsDbContext context = Open(options);
        Exception fault = await Assert.ThrowsAnyAsync<Exception>(() =>
            context.Jobs.ToListAsync(TestContext.Current.CancellationToken)
        );
        Assert.True(DatabaseTrouble.Is(fault), fault.ToString());
    }

    private static async Task PrepareAsync(PostgresOptions options)
    {
        await using JobsDbContext context = Open(options);
        await new PostgresJobs(options).PrepareAsync(context, CancellationToken.None);
    }

    private static JobsDbContext Open(PostgresOptions options)
    {
        DbContextOptionsBuilder<JobsDbContext> builder = new();
        new PostgresJobs(options).Configure(builder);
        return new JobsDbContext(builder.Options);
    }
}
