using FaceFusion.Batch.Contracts.Api.Batches;
using FaceFusion.Batch.Coordinator.Batches.Manifests;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Sweeping;
using FaceFusion.Batch.Storage;
using Microsoft.Extensions.Logging;

namespace FaceFusion.Batch.Coordinator.Batches;

/// <summary>What a look at all rows found.</summary>
/// <param name="Rows">Their number.</param>
/// <param name="Invalid">Those with an error.</param>
/// <param name="Faulty">The first of these.</param>
/// <param name="IsUseless">The manifest itself is none: there is nothing to go on with.</param>
internal sealed record RowsFound(int Rows, int Invalid, IReadOnlyList<CheckedRow> Faulty, bool IsUseless);

/// <summary>
/// Reads a batch's manifest twice: first all of it is checked, then its jobs are entered, some hundred at a time. Whoever takes over
/// from a process that died goes on behind the last rows that were entered.
/// </summary>
internal sealed partial class BatchReading(
    BatchBook book,
    BatchRowCheck check,
    IBlobStore store,
    ILogger<BatchReading> logger
)
{
    /// <summary>Rows of a transaction.</summary>
    private const int Slice = 500;

    /// <summary>For rows whose ids somebody else enters at the same time.</summary>
    private const int Tries = 5;

    /// <param name="batch">One that is read, as of an order that is not void.</param>
    /// <param name="stop">Somebody else goes on.</param>
    public async Task RunAsync(BatchRow batch, CancellationToken stop)
    {
        BlobName manifest = BlobNames.Manifest(batch.ManifestSha256);
        if (!batch.IsChecked && !await CheckAsync(batch, manifest, stop))
        {
            return;
        }

        if (await EnterAsync(batch, manifest, stop) && await book.EndAsync(batch, BatchState.Running, stop))
        {
            LogRead(batch.Id, batch.State);
        }
    }

    /// <summary>Looks at all rows, and enters none.</summary>
    /// <param name="tenant">Whose rows they are.</param>
    /// <param name="batchId">The batch.</param>
    /// <param name="defaults">Of the batch.</param>
    /// <param name="manifest">The rows.</param>
    /// <param name="goOn">Asked after each slice; false ends the look.</param>
    /// <param name="stop">Ends the look.</param>
    /// <returns>Null: it was ended.</returns>
    public async Task<RowsFound?> LookAsync(
        string tenant,
        Guid batchId,
        JobDefaults defaults,
        Stream manifest,
        Func<Task<bool>> goOn,
        CancellationToken stop
    )
    {
        int rows = 0;
        int invalid = 0;
        List<CheckedRow> faulty = [];
        try
        {
            await foreach (
                IReadOnlyList<ManifestRow> slice in ManifestReader.ReadAsync(manifest, stop).InSlicesAsync(Slice)
            )
            {
                rows += slice.Count;
                foreach (CheckedRow row in await check.CheckAsync(tenant, batchId, defaults, slice, stop))
                {
                    if (row.Faults.Count > 0 && ++invalid <= BatchBook.MostFaulty)
                    {
                        faulty.Add(row);
                    }
                }

                if (!await goOn())
                {
                    return null;
                }
            }

            return new RowsFound(rows, invalid, faulty, IsUseless: false);
        }
        catch (ManifestException e)
        {
            CheckedRow cause = new(e.Line, null, null, null, e.Faults);
            return new RowsFound(rows, invalid + 1, [cause, .. faulty.Where(f => f.Line != e.Line)], IsUseless: true);
        }
    }

    private async Task<bool> CheckAsync(BatchRow batch, BlobName manifest, CancellationToken stop)
    {
        RowsFound? found = await LookAsync(batch, manifest, stop);
        if (found is null)
        {
            return false;
        }

        if (found.IsUseless || (found.Invalid > 0 && batch.OnRowError == RowErrorRule.Refuse))
        {
            if (await book.RefuseAsync(batch, found.Rows, found.Invalid, found.Faulty, stop))
            {
                LogRead(batch.Id, BatchState.Refused);
            }

            return false;
        }

        return await book.EndCheckAsync(batch, found.Rows, stop);
    }

    private async Task<RowsFound?> LookAsync(BatchRow batch, BlobName manifest, CancellationToken stop)
    {
        if (await store.FindLengthAsync(manifest, stop) is null)
        {
            RowFault gone = new("", RowFaults.Missing, "The manifest is not in the store any more: upload it again.");
            return new RowsFound(0, 1, [new CheckedRow(1, null, null, null, [gone])], IsUseless: true);
        }

        await using Stream content = await store.OpenReadAsync(manifest, stop);
        return await LookAsync(
            batch.TenantId,
            batch.Id,
            batch.Defaults,
            content,
            () => book.RenewAsync(batch, stop),
            stop
        );
    }

    private async Task<bool> EnterAsync(BatchRow batch, BlobName manifest, CancellationToken stop)
    {
        await using Stream content = await store.OpenReadAsync(manifest, stop);
        // From the first row on: which ids there were before decides whether one is repeated.
        IAsyncEnumerable<ManifestRow> owed = ManifestReader
            .ReadAsync(content, stop)
            .Where(row => row.Line > batch.LinesEntered);
        await foreach (IReadOnlyList<ManifestRow> slice in owed.InSlicesAsync(Slice))
        {
            if (!await EnterAsync(batch, slice, stop))
            {
                return false;
            }
        }

        return true;
    }

    private async Task<bool> EnterAsync(BatchRow batch, IReadOnlyList<ManifestRow> slice, CancellationToken stop)
    {
        for (int left = Tries; ; left--)
        {
            IReadOnlyList<CheckedRow> rows = await check.CheckAsync(
                batch.TenantId,
                batch.Id,
                batch.Defaults,
                slice,
                stop
            );
            try
            {
                return await book.EnterAsync(batch, rows, stop);
            }
            catch (Exception e) when (left > 1 && DatabaseTrouble.IsOfDatabase(e))
            {
                // Another batch had one of these ids in hand: now it can be seen. Where each waited for an id of the other, as the
                // database enters rows in the order of their jobs' ids, it has ended one of the two.
            }
        }
    }

    [LoggerMessage(EventIds.BatchRead, LogLevel.Information, "Batch {BatchId} was read: {State}")]
    private partial void LogRead(Guid batchId, BatchState state);
}
