using FaceFusion.Batch.Contracts.Api.Jobs;
using FaceFusion.Batch.Contracts.Api.Problems;
using FaceFusion.Batch.Contracts.Licences;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Coordinator.State;

namespace FaceFusion.Batch.Coordinator.Submitting;

/// <summary>
/// What must hold of what a tenant asks for, be it one job or a row of a batch. Of uploads and sources alone; no path and no address is
/// taken. The recipe has rules of its own, <see cref="RecipeRules"/>.
/// </summary>
internal static class JobRules
{
    public const int MostSources = 32;

    /// <summary>Values that are wrong whatever the tenant has.</summary>
    public static IEnumerable<FieldError> FindWrongValues(CreateJob asked)
    {
        if (asked.Priority is < 0 or > 100)
        {
            yield return new FieldError("/priority", "It must be 0 to 100.");
        }

        if (asked.ChunkFrames is < 8 or > 100_000)
        {
            yield return new FieldError("/chunkFrames", "It must be 8 to 100,000.");
        }

        if (asked.Labels.Count > Labels.Most)
        {
            yield return new FieldError("/labels", $"At most {Labels.Most} are taken.");
        }

        if (asked.Sources.Count > MostSources)
        {
            yield return new FieldError("/sources", $"At most {MostSources} are taken.");
        }

        foreach (
            FieldError wrong in Labels.FindWrong(asked.Labels.Select(l => KeyValuePair.Create(l.Key, (string?)l.Value)))
        )
        {
            yield return wrong;
        }
    }

    /// <summary>Parts that the tenant does not have, or that do not go together.</summary>
    public static IEnumerable<FieldError> FindWrongParts(CreateJob asked, KnownParts known)
    {
        if (known.Target(asked.Target) is null)
        {
            yield return new FieldError("/target", "It is no ready upload of yours for a target.");
        }

        HashSet<string> names = [];
        for (int i = 0; i < asked.Sources.Count && i < MostSources; i++)
        {
            SourceRow? source = known.Source(asked.Sources[i]);
            if (source is null)
            {
                yield return new FieldError($"/sources/{i}", "It is no source of yours.");
            }
            else if (!names.Add(source.Name))
            {
                yield return new FieldError($"/sources/{i}", "Another has the same name.");
            }
        }

        bool isSwap = asked.Kind == JobFor.Fuse && asked.Recipe.Processors.OfType<SwapStep>().Any();
        if (isSwap && asked.Sources.Count == 0)
        {
            yield return new FieldError("/sources", "A recipe that swaps needs a source.");
        }

        if (asked.Recipe.Faces.Map.Values.Any(name => !names.Contains(name)))
        {
            yield return new FieldError("/recipe/faces/map", "It names a source that is not among the sources.");
        }
    }

    /// <param name="tenant">Whose job it will be.</param>
    /// <param name="id">Of the job.</param>
    /// <param name="asked">Something with nothing wrong.</param>
    /// <param name="known">With all that it asks for.</param>
    public static JobDraft Draft(string tenant, Guid id, CreateJob asked, KnownParts known)
    {
        UploadRow target = known.Target(asked.Target) ?? throw new ArgumentException("No target.", nameof(known));
        return new JobDraft
        {
            Id = id,
            TenantId = tenant,
            Kind = (JobKind)asked.Kind,
            TargetLabel = target.FileName,
            TargetSha256 = target.Sha256,
            TargetUploadId = target.Id,
            Sources =
            [
                .. asked
                    .Sources.Select(known.Source)
                    .OfType<SourceRow>()
                    .Select(s => new StoredSource(s.Name, s.PhotoSha256))
                    .OrderBy(s => s.Name, StringComparer.Ordinal),
            ],
            Recipe = asked.Recipe,
            ChunkFrames = asked.ChunkFrames,
            Usage = asked.Usage ?? LicenceUsage.Unspecified,
            Priority = asked.Priority,
            Labels = Labels.Write(asked.Labels),
        };
    }
}
