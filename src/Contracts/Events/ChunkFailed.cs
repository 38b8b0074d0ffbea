using FaceFusion.Batch.Contracts.Values;

namespace FaceFusion.Batch.Contracts.Events;

public sealed record ChunkFailed(Guid JobId, int ChunkIndex, int Attempt, string WorkerId, Failure Failure);
