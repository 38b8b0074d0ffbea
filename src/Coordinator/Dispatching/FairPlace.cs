namespace FaceFusion.Batch.Coordinator.Dispatching;

/// <summary>A job in the <see cref="FairQueue"/>.</summary>
/// <param name="id">Decides between jobs that are alike in everything else.</param>
/// <param name="tenantId">Whose it is.</param>
/// <param name="priority">Higher goes first.</param>
/// <param name="createdAt">Among equals the oldest goes first.</param>
/// <param name="inFlight">Chunks of it that are released or running.</param>
/// <param name="waiting">Chunks of it that could be released.</param>
public class FairPlace(Guid id, string tenantId, int priority, DateTimeOffset createdAt, int inFlight, int waiting)
    : HeapMember
{
    public Guid Id => id;

    public string TenantId => tenantId;

    public int Priority => priority;

    public DateTimeOffset CreatedAt => createdAt;

    public int InFlight { get; internal set; } = inFlight;

    public int Waiting { get; internal set; } = waiting;

    internal FairQueue.Line? Line { get; set; }

    /// <summary>Within a tenant: the job with the fewest chunks in flight, then the oldest.</summary>
    internal static int Compare(FairPlace a, FairPlace b)
    {
        int order = a.InFlight.CompareTo(b.InFlight);
        if (order == 0)
        {
            order = a.CreatedAt.CompareTo(b.CreatedAt);
        }

        return order == 0 ? a.Id.CompareTo(b.Id) : order;
    }
}
