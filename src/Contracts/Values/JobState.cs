namespace FaceFusion.Batch.Contracts.Values;

/// <summary>Where a job stands. The last four are terminal: every accepted job ends in one of them.</summary>
public enum JobState
{
    Queued,
    Preparing,
    Scanning,
    Gating,
    Fusing,
    Assembling,
    Succeeded,
    Failed,
    Cancelled,
    Declined,
}
