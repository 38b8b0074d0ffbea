using FaceFusion.Batch.Contracts.Api.Outputs;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Storage;

namespace FaceFusion.Batch.Coordinator.Api.Outputs;

/// <summary>An output and the blob that holds it.</summary>
internal sealed record StoredOutput(ApiOutput Output, BlobName Blob);

/// <summary>What a job that has succeeded has to show; of any other job nothing is published.</summary>
internal sealed class OutputShelf(IBlobStore store)
{
    public async Task<IReadOnlyList<StoredOutput>> ListAsync(JobRow job, CancellationToken stop)
    {
        List<StoredOutput> found = [];
        foreach (Place place in PlacesOf(job))
        {
            if (await FindAsync(job, place, stop) is { } output)
            {
                found.Add(output);
            }
        }

        return found;
    }

    /// <summary>Null: the job has none of this name.</summary>
    public async Task<StoredOutput?> FindAsync(JobRow job, string name, CancellationToken stop) =>
        PlacesOf(job).SingleOrDefault(p => p.Name == name) is { } place ? await FindAsync(job, place, stop) : null;

    private static IEnumerable<Place> PlacesOf(JobRow job)
    {
        if (job.State != JobState.Succeeded)
        {
            yield break;
        }

        if (job.ResultBlob is { } result)
        {
            string extension = Path.GetExtension(result);
            string type = extension switch
            {
                ".png" => "image/png",
                ".mov" => "video/quicktime",
                ".mkv" => "video/matroska",
                _ => "video/mp4",
            };
            yield return new Place("result", OutputFor.Result, result, $"fused{extension}", type);
        }

        if (job.ReportBlob is { } report)
        {
            string page = BlobNames.ReportPage(BlobName.Parse(report)).Value;
            yield return new Place("report.json", OutputFor.ReportJson, report, "report.json", "application/json");
            yield return new Place("report.html", OutputFor.ReportHtml, page, "report.html", "text/html");
        }

        if (job.SheetBlob is { } sheet)
        {
            yield return new Place("people.png", OutputFor.ContactSheet, sheet, "people.png", "image/png");
        }
    }

    private async Task<StoredOutput?> FindAsync(JobRow job, Place place, CancellationToken stop)
    {
        BlobName blob = BlobName.Parse(place.Blob);
        if (await store.FindLengthAsync(blob, stop) is not { } bytes)
        {
            return null;
        }

        ApiOutput output = new()
        {
            Name = place.Name,
            Kind = place.Kind,
            FileName = FileNames.Of(job.TargetLabel, place.Ending),
            ContentType = place.ContentType,
            Bytes = bytes,
            Sha256 = place.Kind == OutputFor.Result ? job.ResultSha256 : null,
        };
        return new StoredOutput(output, blob);
    }

    private sealed record Place(string Name, OutputFor Kind, string Blob, string Ending, string ContentType);
}
