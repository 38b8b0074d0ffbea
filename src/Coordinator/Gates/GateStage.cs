using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Licences;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.Dispatching;
using FaceFusion.Batch.Coordinator.State;

namespace FaceFusion.Batch.Coordinator.Gates;

/// <summary>
/// Between scan and fuse: may this be done? Licences are judged where a catalogue of models or a use is known; the other gates are not
/// configured on this installation, and the report says so for each; none is silently skipped.
/// </summary>
public sealed class GateStage(JobLedger ledger, LicenceDesk licences, WakeSignal wake, TimeProvider clock)
{
    /// <summary>The verdict of a gate that nobody has set up.</summary>
    public const string NotConfigured = "not-configured";

    /// <param name="licence">What the licences' gate says; null: nothing.</param>
    public static IReadOnlyList<GateVerdict> Verdicts(LicenceVerdict? licence) =>
        [
            new("consent", NotConfigured, "No consent attestation was asked for or recorded."),
            licence?.ToGate()
                ?? new(
                    LicenceVerdict.Gate,
                    NotConfigured,
                    "Licence classes of models were not checked against the use."
                ),
            new("content", NotConfigured, "The content of the target was not examined."),
        ];

    /// <param name="job">A job whose gate stage has just been started.</param>
    /// <param name="cancellationToken">Stops before the move, never in it.</param>
    public async Task RunAsync(JobRow job, CancellationToken cancellationToken)
    {
        // Judged again: catalogue and declarations may have changed since the job was accepted.
        LicenceVerdict? licence = licences.Judge(job.TenantId, job.Usage, job.Recipe);
        IReadOnlyList<GateVerdict> verdicts = Verdicts(licence);
        if (licence is { IsAllowed: false })
        {
            Failure failure = new(FailureKind.InvalidRecipe, LicenceVerdict.Code, licence.Sentence, false);
            _ = await ledger.CompleteStageAsync(
                job.Id,
                JobState.Gating,
                job.Attempt,
                JobState.Declined,
                set => set.SetProperty(j => j.Gates, verdicts).SetProperty(j => j.Failure, failure),
                cancellationToken,
                failure.Code
            );
            return;
        }

        if (
            await ledger.CompleteStageAsync(
                job.Id,
                JobState.Gating,
                job.Attempt,
                JobState.Fusing,
                set => set.SetProperty(j => j.Gates, verdicts).SetProperty(j => j.FusingSince, clock.GetUtcNow()),
                cancellationToken
            )
        )
        {
            wake.Set();
        }
    }
}
