using System.Security.Cryptography;
using System.Text.Json;
using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Batches;
using FaceFusion.Batch.Coordinator.Api.Bodies;
using FaceFusion.Batch.Coordinator.Batches;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Submitting;
using FaceFusion.Batch.Coordinator.Uploading;
using FaceFusion.Batch.Storage;

namespace FaceFusion.Batch.Coordinator.Api.Batches;

/// <summary>What is asked for becomes a batch; its rows are read afterwards, whether they came with the request or by an upload.</summary>
internal sealed class BatchIntake(
    BatchBook book,
    BatchReading reading,
    BatchSweep sweep,
    UploadBook uploads,
    IBlobStore store,
    TimeProvider clock
)
{
    /// <exception cref="Problems.ProblemException">Something is wrong with what does not belong to any row.</exception>
    public async Task AcceptAsync(string tenant, Guid id, CreateBatch asked, CancellationToken stop)
    {
        Check(asked);
        UploadRow? upload = await FindManifestAsync(tenant, asked, stop);
        await book.EnterAsync(
            new BatchRow
            {
                Id = id,
                TenantId = tenant,
                Label = asked.Label is { } label ? DisplayNames.Clean(label) : null,
                OnRowError = asked.OnRowError,
                Defaults = asked.Defaults ?? new JobDefaults(),
                ManifestUploadId = upload?.Id,
                ManifestSha256 = upload?.Sha256 ?? await StoreAsync(asked.Rows ?? [], stop),
                CreatedAt = clock.GetUtcNow(),
            },
            stop
        );
        await sweep.StartAsync(id, stop);
    }

    /// <summary>What would be wrong with the rows.</summary>
    /// <exception cref="Problems.ProblemException">As for <see cref="AcceptAsync"/>, or the rows did not come with the request.</exception>
    public async Task<ApiBatchCheck> CheckAsync(string tenant, CreateBatch asked, CancellationToken stop)
    {
        Check(asked);
        if (asked.Rows is not { } rows)
        {
            throw Fields.Wrong("validateOnly", "Only rows that come with the request are checked so.");
        }

        using MemoryStream lines = new(LinesOf(rows));
        RowsFound found = (
            await reading.LookAsync(
                tenant,
                default,
                asked.Defaults ?? new JobDefaults(),
                lines,
                () => Task.FromResult(true),
                stop
            )
        )!;
        return new ApiBatchCheck(
            found.Rows,
            found.Invalid,
            [.. found.Faulty.SelectMany(row => BatchAnswers.ErrorsOf(row.Line, row.Key, row.Faults))]
        );
    }

    private static void Check(CreateBatch asked)
    {
        Fields fields = new();
        fields.Require(
            asked.Rows is null != asked.ManifestUpload is null,
            "/rows",
            "Give either rows or manifestUpload."
        );
        fields.Require(asked.Rows is not { Count: 0 }, "/rows", "There must be at least one.");
        fields.Require(asked.Label is not { Length: 0 }, "/label", "It must not be empty.");
        fields.Add(
            Labels
                .FindWrong((asked.Defaults?.Labels ?? new Dictionary<string, string>()).Select(Optional))
                .Select(e => e with { Pointer = $"/defaults{e.Pointer}" })
        );
        fields.Done();

        static KeyValuePair<string, string?> Optional(KeyValuePair<string, string> label) =>
            new(label.Key, label.Value);
    }

    private async Task<UploadRow?> FindManifestAsync(string tenant, CreateBatch asked, CancellationToken stop)
    {
        if (asked.ManifestUpload is not { } text)
        {
            return null;
        }

        UploadRow? upload = ApiIds.TryRead(ApiIds.Upload, text, out Guid id)
            ? await uploads.FindAsync(tenant, id, stop)
            : null;
        return upload is { State: UploadState.Ready, Purpose: UploadPurpose.Manifest }
            ? upload
            : throw Fields.Wrong("/manifestUpload", "It is no ready upload of yours for a manifest.");
    }

    private async Task<string> StoreAsync(IReadOnlyList<JsonElement> rows, CancellationToken stop)
    {
        byte[] lines = LinesOf(rows);
        string sha256 = Convert.ToHexStringLower(SHA256.HashData(lines));
        using MemoryStream content = new(lines);
        _ = await store.PutAsync(BlobNames.Manifest(sha256), content, stop);
        return sha256;
    }

    /// <summary>Row by row as it came; so the number of a row is that of its line.</summary>
    private static byte[] LinesOf(IReadOnlyList<JsonElement> rows)
    {
        using MemoryStream lines = new();
        foreach (JsonElement row in rows)
        {
            using (Utf8JsonWriter writer = new(lines))
            {
                row.WriteTo(writer);
            }

            lines.WriteByte((byte)'\n');
        }

        return lines.ToArray();
    }
}
