using System.Data.Common;
using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Batches;
using FaceFusion.Batch.Coordinator.Batches;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tests.Support;
using FaceFusion.Batch.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace FaceFusion.Batch.Coordinator.Tests.Batches;

/// <summary>Whoever reads a batch may die at any moment, be late, or not be alone.</summary>
public sealed class BatchReadingTests : IDisposable
{
    private const int Rows = 1200;
    private const string Manifest = "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("sqlite", 0, false)]
    [InlineData("sqlite", 1, true)]
    [InlineData("postgres", 0, false)]
    [InlineData("postgres", 0, true)]
    [InlineData("postgres", 1, false)]
    [InlineData("postgres", 2, true)]
    public async Task Read_ByOneWhoDies_IsGoneOnWithByAnother_RowByRow(string database, int slices, bool isWritten)
    {
        Death death = new();
        await using Desk desk = await OpenAsync(database, death);
        Guid batchId = await AddAsync(desk);
        death.After(slices, isWritten);
        BatchRow seen = await BeginAsync(desk, batchId);
        _ = await Assert.ThrowsAsync<OperationCanceledException>(() =>
            desk.Get<BatchReading>().RunAsync(seen, CancellationToken.None)
        );
        death.Never();
        Assert.Equal(
            Math.Min(Rows, 500 * (slices + (isWritten ? 1 : 0))),
            await CountAsync(desk, c => c.Jobs.Where(j => j.BatchId == batchId))
        );

        // Nobody goes on before the lease is over, and then somebody does.
        await desk.Sweeper.SweepAsync(CancellationToken.None);
        Assert.Equal(1, (await FindAsync(desk, batchId)).Attempt);
        desk.Clock.Advance(TimeSpan.FromSeconds(31));
        await desk.Sweeper.SweepAsync(CancellationToken.None);
        await Deadline.UntilAsync(
            async () => (await FindAsync(desk, batchId)).State == BatchState.Running,
            "the batch to be read"
        );

        await CheckAsync(desk, batchId);
        // The one that was taken for dead comes back, with what it knew.
        await desk.Get<BatchReading>().RunAsync(seen, CancellationToken.None);
        await CheckAsync(desk, batchId);
    }

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Read_OfTheSameRowsByTwo_MakesEachJobOnce(string database)
    {
        await using Desk desk = await OpenAsync(database, new Death());
        Guid[] ids = [await AddAsync(desk), await AddAsync(desk)];
        BatchRow[] both = [await BeginAsync(desk, ids[0]), await BeginAsync(desk, ids[1])];

        await Task.WhenAll(both.Select(b => desk.Get<BatchReading>().RunAsync(b, CancellationToken.None)));

        Assert.Equal(Rows, await CountAsync(desk, c => c.Jobs.Where(j => j.RowKey != null)));
        BatchRow[] after = [await FindAsync(desk, ids[0]), await FindAsync(desk, ids[1])];
        Assert.All(after, b => Assert.Equal((Rows, 0), (b.Submitted, b.Invalid)));
        Assert.Equal(Rows, after.Sum(b => b.Reused));
    }

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Read_AsksTheDatabaseBySlices_NotByRows(string database)
    {
        QueryPlans plans = new();
        await using Desk desk = await OpenAsync(database, plans);
        Guid batchId = await AddAsync(desk);
        BatchRow seen = await BeginAsync(desk, batchId);
        plans.IsOn = true;

        await desk.Get<BatchReading>().RunAsync(seen, CancellationToken.None);

        // Three slices, twice: parts, ids that are taken, the batch's row.
        Assert.InRange(plans.Seen.Count, 10, 40);
        await CheckAsync(desk, batchId);
    }

    private Task<Desk> OpenAsync(string database, IInterceptor interceptor) =>
        Desk.OpenAsync(
            database,
            _folder,
            add: services => services.ConfigureDbContext<JobsDbContext>(b => b.AddInterceptors(interceptor))
        );

    private static async Task<Guid> AddAsync(Desk desk)
    {
        Guid id = Guid.CreateVersion7();
        await using JobsDbContext context = await desk.NewContextAsync();
        UploadRow target = await context.Uploads.FirstOrDefaultAsync() ?? BatchParts.ReadyTarget(Tenants.Local);
        if (context.Entry(target).State == EntityState.Detached)
        {
            _ = context.Uploads.Add(target);
            _ = await context.SaveChangesAsync();
        }

        byte[] lines = BatchParts.Lines(ApiIds.Write(ApiIds.Upload, target.Id), Rows);
        _ = await desk.Store.PutAsync(BlobNames.Manifest(Manifest), new MemoryStream(lines), CancellationToken.None);
        BatchRow batch = new()
        {
            Id = id,
            TenantId = Tenants.Local,
            Defaults = new JobDefaults(),
            ManifestSha256 = Manifest,
            CreatedAt = desk.Clock.GetUtcNow(),
        };
        await desk.Get<BatchBook>().EnterAsync(batch, CancellationToken.None);
        return id;
    }

    private static async Task<BatchRow> BeginAsync(Desk desk, Guid batchId)
    {
        int attempt = (await desk.Get<BatchBook>().BeginAsync(batchId, CancellationToken.None))!.Value;
        return (await desk.Get<BatchBook>().FindOwingAsync(batchId, attempt, CancellationToken.None))!;
    }

    /// <summary>Each row is one job with its first event, and nothing else is.</summary>
    private static async Task CheckAsync(Desk desk, Guid batchId)
    {
        BatchRow batch = await FindAsync(desk, batchId);
        Assert.Equal((Rows, Rows, 0, 0), (batch.Rows, batch.Submitted, batch.Reused, batch.Invalid));
        await using JobsDbContext context = await desk.NewContextAsync();
        List<BatchEntryRow> entries = await context
            .BatchEntries.Where(e => e.BatchId == batchId)
            .OrderBy(e => e.Line)
            .ToListAsync();
        Assert.Equal(Enumerable.Range(1, Rows).Select(i => (i, $"row-{i}")), entries.Select(e => (e.Line, e.Key!)));
        var jobs = await context.Jobs.Select(j => new { j.Id, j.RowKey }).ToDictionaryAsync(j => j.Id, j => j.RowKey);
        Assert.Equal(Rows, jobs.Count);
        Assert.All(entries, e => Assert.Equal(e.Key, jobs[e.JobId!.Value]));
        Assert.Equal(Rows, await context.JobEvents.CountAsync(e => e.Number == 1));
    }

    private static async Task<BatchRow> FindAsync(Desk desk, Guid batchId)
    {
        await using JobsDbContext context = await desk.NewContextAsync();
        return await context.Batches.AsNoTracking().SingleAsync(b => b.Id == batchId);
    }

    private static async Task<int> CountAsync(Desk desk, Func<JobsDbContext, IQueryable<JobRow>> jobs)
    {
        await using JobsDbContext context = await desk.NewContextAsync();
        return await jobs(context).CountAsync();
    }

    /// <summary>Ends whoever commits, before or after it is written; a transaction is one slice of rows.</summary>
    private sealed class Death : DbTransactionInterceptor
    {
        private int _left = int.MaxValue;
        private bool _isWritten;

        public void After(int slices, bool isWritten) => (_left, _isWritten) = (slices, isWritten);

        public void Never() => _left = int.MaxValue;

        public override ValueTask<InterceptionResult> TransactionCommittingAsync(
            DbTransaction transaction,
            TransactionEventData eventData,
            InterceptionResult result,
            CancellationToken cancellationToken = default
        ) => _left-- == 0 && !_isWritten ? throw new OperationCanceledException("killed") : new(result);

        public override Task TransactionCommittedAsync(
            DbTransaction transaction,
            TransactionEndEventData eventData,
            CancellationToken cancellationToken = default
        ) => _left == -1 && _isWritten ? throw new OperationCanceledException("killed") : Task.CompletedTask;
    }
}
