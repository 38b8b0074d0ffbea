namespace FaceFusion.Batch.Contracts.Events;

/// <summary>
/// Broadcast to the workers: this attempt is void (a newer one exists, another worker holds it, or the job has ended), and
/// the named worker stops. It answers a heartbeat; a lost one is answered again at the next heartbeat.
/// </summary>
/// <param name="JobId">The job.</param>
/// <param name="ChunkIndex">The chunk; <see cref="Scan"/> for an attempt at the scan.</param>
/// <param name="Attempt">The void attempt.</param>
/// <param name="WorkerId">Who is meant.</param>
public sealed record AttemptVoided(Guid JobId, int ChunkIndex, int Attempt, string WorkerId)
{
    /// <summary>In place of a chunk's index.</summary>
    public const int Scan = -1;
}
