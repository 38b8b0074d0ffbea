using FaceFusion.Batch.Contracts.Api.Batches;
using FaceFusion.Batch.Contracts.Api.Jobs;
using FaceFusion.Batch.Contracts.Api.Problems;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Licences;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Coordinator.Api.Bodies;
using FaceFusion.Batch.Coordinator.Batches.Manifests;
using FaceFusion.Batch.Coordinator.Gates;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Submitting;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.Batches;

/// <summary>A row that was held against the rules and against what its tenant has.</summary>
/// <param name="Line">In the manifest.</param>
/// <param name="Key">Its id; null where it could not be read.</param>
/// <param name="Draft">The job that it asks for; null: something is wrong, or the job is there.</param>
/// <param name="KnownJob">The job that is there; null: none.</param>
/// <param name="Faults">What is wrong with it.</param>
public sealed record CheckedRow(int Line, string? Key, JobDraft? Draft, Guid? KnownJob, IReadOnlyList<RowFault> Faults);

/// <summary>Holds rows against the rules of jobs. What it asks the database grows with the slices, not with the rows.</summary>
internal sealed class BatchRowCheck(
    JobParts parts,
    LicenceDesk licences,
    IDbContextFactory<JobsDbContext> contexts,
    TimeProvider clock
)
{
    private const int LongestId = 128;

    /// <param name="tenant">Whose batch it is.</param>
    /// <param name="batchId">The batch.</param>
    /// <param name="defaults">Of the batch.</param>
    /// <param name="rows">Some hundred at a time.</param>
    /// <param name="stop">Ends the check.</param>
    public async Task<IReadOnlyList<CheckedRow>> CheckAsync(
        string tenant,
        Guid batchId,
        JobDefaults defaults,
        IReadOnlyList<ManifestRow> rows,
        CancellationToken stop
    )
    {
        List<(ManifestRow Row, CreateJob? Asked, List<RowFault> Faults)> read =
        [
            .. rows.Select(row =>
            {
                List<RowFault> faults = [.. row.Faults];
                return (row, row.Job is null ? null : Complete(row.Job, defaults, faults), faults);
            }),
        ];
        KnownParts known = await parts.FindAsync(tenant, [.. read.Select(r => r.Asked).OfType<CreateJob>()], stop);
        Dictionary<string, (Guid Id, Guid? Fingerprint)> taken = await FindTakenAsync(tenant, rows, stop);
        List<CheckedRow> done = [];
        foreach ((ManifestRow row, CreateJob? asked, List<RowFault> faults) in read)
        {
            if (asked is not null)
            {
                faults.AddRange(JobRules.FindWrongParts(asked, known).Select(e => FaultOf(e, RowFaults.Part)));
                CheckLicences(tenant, asked, faults);
            }

            JobDraft? draft = null;
            Guid? there = null;
            if (asked is not null && faults.Count == 0)
            {
                draft = DraftOf(tenant, batchId, row, asked, known);
                if (taken.TryGetValue(row.Key!, out (Guid Id, Guid? Fingerprint) same))
                {
                    there = same.Id;
                    if (same.Fingerprint != draft.RowFingerprint)
                    {
                        there = null;
                        faults.Add(
                            new RowFault(
                                "/id",
                                RowFaults.IdReused,
                                "A job of yours has this id and another content: choose another id, or delete that job."
                            )
                        );
                    }

                    draft = null;
                }
            }

            done.Add(new CheckedRow(row.Line, row.Key, draft, there, faults));
        }

        return done;
    }

    private void CheckLicences(string tenant, CreateJob asked, List<RowFault> faults)
    {
        LicenceUsage declared = asked.Usage ?? LicenceUsage.Unspecified;
        if (licences.Judge(tenant, declared, asked.Recipe) is { IsAllowed: false } verdict)
        {
            faults.Add(new RowFault("/recipe", LicenceVerdict.Code, verdict.Sentence));
        }
    }

    private JobDraft DraftOf(string tenant, Guid batchId, ManifestRow row, CreateJob asked, KnownParts known)
    {
        JobDraft draft = JobRules.Draft(tenant, Guid.CreateVersion7(clock.GetUtcNow()), asked, known);
        return draft with
        {
            BatchId = batchId,
            RowKey = row.Key,
            RowFingerprint = JobIds.Of(draft.Kind, draft.TargetSha256, draft.Sources, draft.Recipe, draft.ChunkFrames),
        };
    }

    /// <summary>The row with what holds for all rows; null: not even that can be told.</summary>
    private static CreateJob? Complete(BatchJob row, JobDefaults defaults, List<RowFault> faults)
    {
        CheckId(row.Id, faults);
        string? target = row.Target ?? defaults.Target;
        Recipe? recipe = row.Recipe ?? defaults.Recipe;
        if (target is null)
        {
            faults.Add(new RowFault("/target", RowFaults.Value, "It lacks target."));
        }

        if (recipe is null && !faults.Exists(f => f.Pointer.StartsWith("/recipe", StringComparison.Ordinal)))
        {
            faults.Add(new RowFault("/recipe", RowFaults.Value, "It lacks recipe."));
        }

        CreateJob asked = new()
        {
            Target = target ?? "",
            Recipe = recipe ?? new Recipe { Processors = [] },
            Sources = row.Sources ?? defaults.Sources ?? [],
            Kind = row.Kind ?? defaults.Kind ?? JobFor.Fuse,
            ChunkFrames = row.ChunkFrames ?? defaults.ChunkFrames,
            Labels = Join(defaults.Labels, row.Labels),
            Usage = row.Usage ?? defaults.Usage,
        };
        asked = asked with { Priority = row.Priority ?? defaults.Priority ?? asked.Priority };
        faults.AddRange(JobRules.FindWrongValues(asked).Select(e => FaultOf(e, RowFaults.Value)));
        if (recipe is not null)
        {
            CheckRecipe(recipe, faults);
        }

        return target is null || recipe is null ? null : asked;
    }

    private static void CheckId(string? id, List<RowFault> faults)
    {
        if (string.IsNullOrEmpty(id))
        {
            faults.Add(new RowFault("/id", RowFaults.IdMissing, "Each row needs an id of its own."));
        }
        else if (!IsId(id))
        {
            faults.Add(
                new RowFault("/id", RowFaults.Value, $"It must be 1 to {LongestId} characters that people can read.")
            );
        }
    }

    private static bool IsId(string id) =>
        id.Length is > 0 and <= LongestId && id.Trim() == id && DisplayNames.Clean(id) == id;

    private static void CheckRecipe(Recipe recipe, List<RowFault> faults)
    {
        try
        {
            RecipeRules.Check(recipe);
        }
        catch (InvalidRecipeException e)
        {
            faults.Add(new RowFault("/recipe", e.Code, e.Message));
        }
    }

    private static Dictionary<string, string> Join(
        IReadOnlyDictionary<string, string>? all,
        IReadOnlyDictionary<string, string>? own
    )
    {
        Dictionary<string, string> labels = new(all ?? new Dictionary<string, string>());
        foreach ((string key, string value) in own ?? new Dictionary<string, string>())
        {
            labels[key] = value;
        }

        return labels;
    }

    private static RowFault FaultOf(FieldError error, string code) => new(error.Pointer, code, error.Detail);

    /// <summary>Jobs of the tenant that have one of these ids.</summary>
    private async Task<Dictionary<string, (Guid Id, Guid? Fingerprint)>> FindTakenAsync(
        string tenant,
        IReadOnlyList<ManifestRow> rows,
        CancellationToken stop
    )
    {
        List<string> keys = [.. rows.Select(r => r.Key).OfType<string>().Where(IsId).Distinct()];
        await using JobsDbContext context = await contexts.CreateDbContextAsync(stop);
        return (
            await context
                .Jobs.Where(j => j.TenantId == tenant && j.RowKey != null && keys.Contains(j.RowKey))
                .Select(j => new
                {
                    j.Id,
                    j.RowKey,
                    j.RowFingerprint,
                })
                .ToListAsync(stop)
        ).ToDictionary(j => j.RowKey!, j => (j.Id, j.RowFingerprint));
    }
}
