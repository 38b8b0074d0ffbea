namespace FaceFusion.Batch.Contracts.Events;

/// <summary>
/// Broadcast to every worker: this attempt is not the newest any more, whoever works on it stops. It answers a heartbeat
/// that came too late; a lost one is answered again at the next heartbeat.
/// </summary>
public sealed record AttemptVoided(Guid JobId, int ChunkIndex, int Attempt);
