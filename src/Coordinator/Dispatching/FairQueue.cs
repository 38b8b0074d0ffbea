namespace FaceFusion.Batch.Coordinator.Dispatching;

/// <summary>
/// Whose chunk is next: the highest priority, then the tenant with the fewest chunks in flight, then its job with the fewest, then
/// the oldest. Every step costs the logarithm of the jobs that wait, so a million of them can be kept in it.
/// </summary>
public sealed class FairQueue
{
    private readonly Dictionary<string, Tenant> _tenants = [];
    private readonly SortedDictionary<int, IndexedHeap<Line>> _levels = new(
        Comparer<int>.Create((a, b) => b.CompareTo(a))
    );

    /// <summary>Chunks in flight that were taken with <see cref="Next"/>.</summary>
    public int InFlight { get; private set; }

    /// <summary>Chunks in flight of a tenant that are of no job added here, besides those that are.</summary>
    public void Serve(string tenantId, int chunks)
    {
        Tenant tenant = TenantOf(tenantId);
        tenant.InFlight += chunks;
        Reorder(tenant);
    }

    /// <summary>A job joins. Its chunks in flight are not counted for its tenant: <see cref="Serve"/> does that.</summary>
    public void Add(FairPlace job)
    {
        Tenant tenant = TenantOf(job.TenantId);
        if (!tenant.Lines.TryGetValue(job.Priority, out Line? line))
        {
            if (!_levels.TryGetValue(job.Priority, out IndexedHeap<Line>? level))
            {
                level = new IndexedHeap<Line>(Compare);
                _levels.Add(job.Priority, level);
            }

            line = new Line(tenant, level);
            tenant.Lines.Add(job.Priority, line);
        }

        job.Line = line;
        Settle(job);
    }

    /// <summary>The job whose chunk is next, with that chunk counted in flight; null: nothing waits.</summary>
    public FairPlace? Next()
    {
        foreach (IndexedHeap<Line> level in _levels.Values)
        {
            if (level.First?.Jobs.First is { } job)
            {
                Move(job, waiting: -1, inFlight: 1);
                return job;
            }
        }

        return null;
    }

    /// <summary>A chunk of the job is over.</summary>
    public void Done(FairPlace job) => Move(job, waiting: 0, inFlight: -1);

    /// <summary>A chunk of the job is to be tried again.</summary>
    public void Return(FairPlace job) => Move(job, waiting: 1, inFlight: -1);

    /// <summary>The job is over: nothing of it waits, and nothing counts as in flight.</summary>
    public void Withdraw(FairPlace job) => Move(job, waiting: -job.Waiting, inFlight: -job.InFlight);

    private void Move(FairPlace job, int waiting, int inFlight)
    {
        job.Waiting += waiting;
        job.InFlight += inFlight;
        Line line = job.Line ?? throw new InvalidOperationException("The job was never added.");
        line.Tenant.InFlight += inFlight;
        InFlight += inFlight;
        Settle(job);
        if (inFlight != 0)
        {
            Reorder(line.Tenant);
        }
    }

    private static void Settle(FairPlace job)
    {
        Line line = job.Line!;
        if (job.Waiting > 0)
        {
            line.Jobs.Place(job);
        }
        else
        {
            line.Jobs.Remove(job);
        }

        Settle(line);
    }

    private static void Settle(Line line)
    {
        if (line.Jobs.First is not null)
        {
            line.Level.Place(line);
        }
        else
        {
            line.Level.Remove(line);
        }
    }

    private static void Reorder(Tenant tenant)
    {
        foreach (Line line in tenant.Lines.Values)
        {
            Settle(line);
        }
    }

    private Tenant TenantOf(string id)
    {
        if (!_tenants.TryGetValue(id, out Tenant? tenant))
        {
            tenant = new Tenant();
            _tenants.Add(id, tenant);
        }

        return tenant;
    }

    private static int Compare(Line a, Line b)
    {
        int order = a.Tenant.InFlight.CompareTo(b.Tenant.InFlight);
        return order == 0 ? FairPlace.Compare(a.Jobs.First!, b.Jobs.First!) : order;
    }

    internal sealed class Tenant
    {
        public int InFlight { get; set; }

        public Dictionary<int, Line> Lines { get; } = [];
    }

    /// <summary>The jobs of one tenant and priority that have chunks waiting.</summary>
    internal sealed class Line(Tenant tenant, IndexedHeap<Line> level) : HeapMember
    {
        public Tenant Tenant => tenant;

        public IndexedHeap<Line> Level => level;

        public IndexedHeap<FairPlace> Jobs { get; } = new(FairPlace.Compare);
    }
}
