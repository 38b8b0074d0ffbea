using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Jobs;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Coordinator.Api.Bodies;
using FaceFusion.Batch.Coordinator.Dispatching;
using FaceFusion.Batch.Coordinator.Gates;
using FaceFusion.Batch.Coordinator.Preparing;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Submitting;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.Api.Jobs;

/// <summary>What is asked for becomes a job, of uploads and sources alone; no path and no address is taken.</summary>
internal sealed class JobIntake(IDbContextFactory<JobsDbContext> contexts, LiveWorkers workers)
{
    private const int MostSources = 32;

    /// <exception cref="Problems.ProblemException">Something of it is wrong: all of it is listed.</exception>
    public async Task<(JobDraft Draft, UploadedMedia Media)> DraftAsync(
        string tenant,
        Guid id,
        CreateJob asked,
        CancellationToken stop
    )
    {
        Fields fields = new();
        fields.Require(asked.Priority is >= 0 and <= 100, "/priority", "It must be 0 to 100.");
        fields.Require(asked.ChunkFrames is null or (>= 8 and <= 100_000), "/chunkFrames", "It must be 8 to 100,000.");
        fields.Require(asked.Labels.Count <= Labels.Most, "/labels", $"At most {Labels.Most} are taken.");
        fields.Require(asked.Sources.Count <= MostSources, "/sources", $"At most {MostSources} are taken.");
        Labels.Check(fields, asked.Labels.Select(l => KeyValuePair.Create(l.Key, (string?)l.Value)));
        fields.Done();
        RecipeRules.Check(asked.Recipe);
        await using JobsDbContext context = await contexts.CreateDbContextAsync(stop);
        UploadRow? target = ApiIds.TryRead(ApiIds.Upload, asked.Target, out Guid upload)
            ? await context
                .Uploads.AsNoTracking()
                .SingleOrDefaultAsync(u => u.Id == upload && u.TenantId == tenant, stop)
            : null;
        fields.Require(
            target is { State: UploadState.Ready, Purpose: UploadPurpose.Target },
            "/target",
            "It is no ready upload of yours for a target."
        );
        List<StoredSource> sources = await SourcesAsync(context, tenant, asked, fields, stop);
        bool isSwap = asked.Kind == JobFor.Fuse && asked.Recipe.Processors.OfType<SwapStep>().Any();
        fields.Require(!isSwap || sources.Count > 0, "/sources", "A recipe that swaps needs a source.");
        foreach (string name in asked.Recipe.Faces.Map.Values)
        {
            fields.Require(
                sources.Any(s => s.Name == name),
                "/recipe/faces/map",
                "It names a source that is not among the sources."
            );
        }

        fields.Done();
        JobDraft draft = new()
        {
            Id = id,
            TenantId = tenant,
            Kind = (JobKind)asked.Kind,
            TargetLabel = target!.FileName,
            TargetSha256 = target.Sha256,
            TargetUploadId = target.Id,
            Sources = sources,
            Recipe = asked.Recipe,
            ChunkFrames = asked.ChunkFrames,
            Priority = asked.Priority,
            Labels = Labels.Write(asked.Labels),
        };
        return (draft, target.Media!);
    }

    /// <summary>By the duration and the rate that the container says; the job itself counts the frames.</summary>
    public async Task<ApiPlanAnswer> PlanAsync(JobDraft draft, UploadedMedia media, CancellationToken stop)
    {
        int frames = media.IsStill
            ? 1
            : Math.Max(1, (int)Math.Round(media.DurationSeconds * media.FrameRate.ToDouble()));
        int slots = (await workers.CountAsync(stop)).Slots;
        int length = draft.ChunkFrames ?? ChunkLength.Choose(frames, slots);
        int chunks = Media.Planning.ChunkPlanner.Plan(frames, length).Count;
        return new ApiPlanAnswer(new ApiPlan(frames, chunks, slots), GateStage.Verdicts);
    }

    private static async Task<List<StoredSource>> SourcesAsync(
        JobsDbContext context,
        string tenant,
        CreateJob asked,
        Fields fields,
        CancellationToken stop
    )
    {
        List<StoredSource> sources = [];
        for (int i = 0; i < asked.Sources.Count; i++)
        {
            SourceRow? source = ApiIds.TryRead(ApiIds.Source, asked.Sources[i], out Guid id)
                ? await context
                    .Sources.AsNoTracking()
                    .SingleOrDefaultAsync(s => s.Id == id && s.TenantId == tenant, stop)
                : null;
            fields.Require(source is not null, $"/sources/{i}", "It is no source of yours.");
            fields.Require(sources.All(s => s.Name != source?.Name), $"/sources/{i}", "Another has the same name.");
            if (source is not null)
            {
                sources.Add(new StoredSource(source.Name, source.PhotoSha256));
            }
        }

        return [.. sources.OrderBy(s => s.Name, StringComparer.Ordinal)];
    }
}
