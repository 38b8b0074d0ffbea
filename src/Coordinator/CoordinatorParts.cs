using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tracking;
using FaceFusion.Batch.Storage;
using FaceFusion.Batch.Storage.Azure;
using FaceFusion.Batch.Storage.Disk;
using Microsoft.Extensions.DependencyInjection;

namespace FaceFusion.Batch.Coordinator;

/// <summary>The one place where the database and the store are chosen. What is not chosen is not even loaded.</summary>
internal static class CoordinatorParts
{
    /// <exception cref="StorageException">The store cannot be used; the work folder is free again.</exception>
    /// <exception cref="ValidationException">An option is out of its range; likewise.</exception>
    public static IServiceCollection AddParts(
        this IServiceCollection services,
        CoordinatorOptions options,
        WorkFolder folder
    )
    {
        try
        {
            IJobsDatabase database = options.Postgres is { } postgres
                ? new PostgresJobs(Valid(postgres))
                : new SqliteJobs(folder.FullPath);
            IBlobStore store = options.Azure is { } azure
                ? OpenAzure(Valid(azure))
                : new DiskBlobStore(folder.FullPath);
            return services
                .AddSingleton(store)
                .AddSingleton(database)
                .AddPooledDbContextFactory<JobsDbContext>(database.Configure);
        }
        catch (BlobStoreException e)
        {
            folder.Dispose();
            throw Failures.ToException(e);
        }
        catch (ValidationException)
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>On its own, so that the embedded start does not load Azure's client.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
#pragma warning disable CA1859 // A caller that knew the type would load it.
    private static IBlobStore OpenAzure(AzureStoreOptions options) => new AzureBlobStore(options, TimeProvider.System);
#pragma warning restore CA1859

    private static T Valid<T>(T options)
        where T : notnull
    {
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        return options;
    }
}
