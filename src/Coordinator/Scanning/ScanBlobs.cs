using System.Text.Json;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Storage;

namespace FaceFusion.Batch.Coordinator.Scanning;

/// <summary>Reads stored scan results.</summary>
public sealed class ScanBlobs(IBlobStore store)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Null if there is none, or it is not one.</summary>
    public async Task<ScanResult?> ReadAsync(BlobName name, CancellationToken cancellationToken)
    {
        if (await store.FindLengthAsync(name, cancellationToken) is null)
        {
            return null;
        }

        await using Stream content = await store.OpenReadAsync(name, cancellationToken);
        try
        {
            return await JsonSerializer.DeserializeAsync<ScanResult>(content, Json, cancellationToken);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
