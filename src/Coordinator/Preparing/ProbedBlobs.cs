using System.Text.Json;
using FaceFusion.Batch.Media.Probing;
using FaceFusion.Batch.Storage;

namespace FaceFusion.Batch.Coordinator.Preparing;

/// <summary>What was probed of a target lies beside its frame table, so that assembling need not ask the target again.</summary>
public sealed class ProbedBlobs(IBlobStore store)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <param name="frameTable">Of the same attempt at preparing; the name is made of it.</param>
    /// <param name="probed">What to keep.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    public async Task WriteAsync(BlobName frameTable, ProbedVideo probed, CancellationToken cancellationToken)
    {
        using MemoryStream content = new(JsonSerializer.SerializeToUtf8Bytes(probed, Json));
        _ = await store.PutAsync(BlobNames.Probed(frameTable), content, cancellationToken);
    }

    /// <summary>Null if there is none, or it is not one: an older version of the product prepared the target.</summary>
    /// <param name="frameTable">As of <see cref="WriteAsync"/>.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public async Task<ProbedVideo?> ReadAsync(BlobName frameTable, CancellationToken cancellationToken)
    {
        BlobName name = BlobNames.Probed(frameTable);
        if (await store.FindLengthAsync(name, cancellationToken) is null)
        {
            return null;
        }

        await using Stream content = await store.OpenReadAsync(name, cancellationToken);
        try
        {
            return await JsonSerializer.DeserializeAsync<ProbedVideo>(content, Json, cancellationToken);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
