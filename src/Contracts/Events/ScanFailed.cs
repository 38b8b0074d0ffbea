using FaceFusion.Batch.Contracts.Values;

namespace FaceFusion.Batch.Contracts.Events;

public sealed record ScanFailed(Guid JobId, int Attempt, string WorkerId, Failure Failure);
