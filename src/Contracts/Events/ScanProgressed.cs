namespace FaceFusion.Batch.Contracts.Events;

/// <summary>The heartbeat of a scan: newest wins, at most one a second.</summary>
public sealed record ScanProgressed(Guid JobId, int Attempt, string WorkerId, int FramesDone);
