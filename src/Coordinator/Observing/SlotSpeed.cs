using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.State;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.Observing;

/// <summary>What a frame takes a slot, smoothed over the last chunks.</summary>
public static class SlotSpeed
{
    /// <summary>Seconds per frame before the first chunk.</summary>
    public const double Guess = 0.02;

    /// <summary>Weight of the newest chunk.</summary>
    private const double Newest = 0.05;

    /// <param name="before">Seconds per frame so far.</param>
    /// <param name="seconds">What the newest chunk took.</param>
    /// <param name="frames">Frames in it.</param>
    /// <returns>Seconds per frame.</returns>
    public static double After(double before, double seconds, int frames) =>
        before + (Newest * ((seconds / Math.Max(1, frames)) - before));

    /// <summary>Seconds per frame of the chunks that are fused of jobs under way, the same for every Coordinator; null: there are none.</summary>
    public static async Task<double?> ReadAsync(JobsDbContext context, CancellationToken cancellationToken)
    {
        var done = await context
            .Jobs.Where(j => j.State == JobState.Fusing)
            .SelectMany(j => context.Chunks.Where(c => c.JobId == j.Id && c.State == ChunkState.Fused))
            .GroupBy(_ => 1)
            .Select(g => new { Seconds = g.Sum(c => c.Seconds), Frames = g.Sum(c => (long)(c.End - c.Start)) })
            .SingleOrDefaultAsync(cancellationToken);
        return done is { Frames: > 0, Seconds: > 0 } ? done.Seconds / done.Frames : null;
    }
}
