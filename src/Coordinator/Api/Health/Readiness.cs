using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Storage;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.Api.Health;

/// <summary>What of the parts a Coordinator stands on can be reached.</summary>
/// <param name="Database">Answers a query.</param>
/// <param name="Bus">Is connected, and its queues are there.</param>
/// <param name="Store">Answers whether a blob is there.</param>
public sealed record ReadyParts(bool Database, bool Bus, bool Store)
{
    public bool All => Database && Bus && Store;
}

/// <summary>Asks every part at once, with little patience, and not more than once a second however often it is asked itself.</summary>
internal sealed class Readiness(
    IDbContextFactory<JobsDbContext> contexts,
    IBusControl bus,
    IBlobStore store,
    TimeProvider clock
) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly BlobName Nobody = BlobName.Parse("ready/none");

    private readonly SemaphoreSlim _one = new(1);
    private (ReadyParts Parts, DateTimeOffset At)? _last;

    public async Task<ReadyParts> AskAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_last is not { } last || last.At + TimeSpan.FromSeconds(1) <= clock.GetUtcNow())
            {
                last = (await AskAllAsync(cancellationToken), clock.GetUtcNow());
                _last = last;
            }

            return last.Parts;
        }
        finally
        {
            _ = _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<ReadyParts> AskAllAsync(CancellationToken cancellationToken)
    {
        Task<bool> database = AnswersAsync(AskDatabaseAsync, cancellationToken);
        Task<bool> blobs = AnswersAsync(stop => store.FindLengthAsync(Nobody, stop), cancellationToken);
        bool isConnected = bus.CheckHealth().Status == BusHealthStatus.Healthy;
        return new ReadyParts(await database, isConnected, await blobs);
    }

    private async Task AskDatabaseAsync(CancellationToken cancellationToken)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        _ = await context.Jobs.Where(j => j.Id == Guid.Empty).Select(j => j.Version).ToListAsync(cancellationToken);
    }

    private static async Task<bool> AnswersAsync(Func<CancellationToken, Task> ask, CancellationToken cancellationToken)
    {
        try
        {
            await ask(cancellationToken).WaitAsync(Patience, cancellationToken);
            return true;
        }
#pragma warning disable CA1031 // Whatever it is that a part throws, it is what was asked: the part does not answer.
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return false;
        }
    }
}
