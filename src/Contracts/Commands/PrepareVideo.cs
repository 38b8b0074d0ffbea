namespace FaceFusion.Batch.Contracts.Commands;

/// <summary>Order to the Coordinator's media role: probe the target, write its frame table, plan its chunks.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Attempt">The fencing token of the job's stage: only the newest is accepted.</param>
public sealed record PrepareVideo(Guid JobId, int Attempt);
