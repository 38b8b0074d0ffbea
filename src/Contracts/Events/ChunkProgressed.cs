namespace FaceFusion.Batch.Contracts.Events;

/// <summary>The heartbeat of an attempt: newest wins, at most one a second.</summary>
public sealed record ChunkProgressed(Guid JobId, int ChunkIndex, int Attempt, string WorkerId, int FramesDone);
