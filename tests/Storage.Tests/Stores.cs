using FaceFusion.Batch.Storage.Azure;
using FaceFusion.Batch.Storage.Disk;
using FaceFusion.Batch.TestKit.Services;

namespace FaceFusion.Batch.Storage.Tests;

/// <summary>The kinds of store, and an empty one of each.</summary>
internal static class Stores
{
    public static TheoryData<string> Kinds => ["disk", "azure"];

    public static async Task<IBlobStore> OpenAsync(string kind) =>
        kind == "disk"
            ? new DiskBlobStore(Directory.CreateTempSubdirectory("ffb-store-").FullName)
            : await OpenAzureAsync();

    public static async Task<AzureBlobStore> OpenAzureAsync(double addressMinutes = 5)
    {
        AzureStoreOptions options = new()
        {
            ConnectionString = await RealServices.AzureStorageAsync(),
            Container = $"t{Guid.NewGuid():N}",
            AddressMinutes = addressMinutes,
        };
        AzureBlobStore store = new(options, TimeProvider.System);
        await store.PrepareAsync(CancellationToken.None);
        return store;
    }
}
