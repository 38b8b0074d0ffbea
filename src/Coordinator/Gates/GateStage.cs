using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.Dispatching;
using FaceFusion.Batch.Coordinator.State;

namespace FaceFusion.Batch.Coordinator.Gates;

/// <summary>
/// Between scan and fuse: may this be done? No gate is configured on this installation, and the report says so for each;
/// none is silently skipped.
/// </summary>
public sealed class GateStage(JobLedger ledger, WakeSignal wake, TimeProvider clock)
{
    /// <summary>The verdict of a gate that nobody has set up.</summary>
    public const string NotConfigured = "not-configured";

    public static IReadOnlyList<GateVerdict> Verdicts { get; } =
    [
        new("consent", NotConfigured, "No consent attestation was asked for or recorded."),
        new("licence", NotConfigured, "Licence classes of models were not checked against the use."),
        new("content", NotConfigured, "The content of the target was not examined."),
    ];

    /// <param name="job">A job whose gate stage has just been started.</param>
    /// <param name="cancellationToken">Stops before the move, never in it.</param>
    public async Task RunAsync(JobRow job, CancellationToken cancellationToken)
    {
        if (
            await ledger.CompleteStageAsync(
                job.Id,
                JobState.Gating,
                job.Attempt,
                JobState.Fusing,
                set => set.SetProperty(j => j.Gates, Verdicts).SetProperty(j => j.FusingSince, clock.GetUtcNow()),
                cancellationToken
            )
        )
        {
            wake.Set();
        }
    }
}
