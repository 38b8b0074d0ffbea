using FaceFusion.Batch.Contracts.Api.Jobs;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Coordinator.Api.Bodies;
using FaceFusion.Batch.Coordinator.Dispatching;
using FaceFusion.Batch.Coordinator.Gates;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Submitting;
using FaceFusion.Batch.Media.Planning;

namespace FaceFusion.Batch.Coordinator.Api.Jobs;

/// <summary>What is asked for becomes a job.</summary>
internal sealed class JobIntake(JobParts parts, LiveWorkers workers, LicenceDesk licences)
{
    /// <exception cref="Problems.ProblemException">Something of it is wrong: all of it is listed.</exception>
    public async Task<(JobDraft Draft, UploadedMedia Media)> DraftAsync(
        string tenant,
        Guid id,
        CreateJob asked,
        CancellationToken stop
    )
    {
        Fields fields = new();
        fields.Add(JobRules.FindWrongValues(asked));
        fields.Done();
        RecipeRules.Check(asked.Recipe);
        KnownParts known = await parts.FindAsync(tenant, [asked], stop);
        fields.Add(JobRules.FindWrongParts(asked, known));
        fields.Done();
        return (JobRules.Draft(tenant, id, asked, known), known.Target(asked.Target)!.Media!);
    }

    /// <summary>By the duration and the rate that the container says; the job itself counts the frames.</summary>
    public async Task<ApiPlanAnswer> PlanAsync(JobDraft draft, UploadedMedia media, CancellationToken stop)
    {
        int frames = media.IsStill
            ? 1
            : Math.Max(1, (int)Math.Round(media.DurationSeconds * media.FrameRate.ToDouble()));
        int slots = (await workers.CountAsync(stop)).Slots;
        int length = draft.ChunkFrames ?? ChunkLength.Choose(frames, slots);
        int chunks = ChunkPlanner.Plan(frames, length).Count;
        return new ApiPlanAnswer(
            new ApiPlan(frames, chunks, slots),
            GateStage.Verdicts(licences.Judge(draft.TenantId, draft.Usage, draft.Recipe))
        );
    }
}
