using System.Globalization;
using System.Text;
using System.Text.Json;
using FaceFusion.Batch.Contracts.Api.Batches;
using FaceFusion.Batch.Contracts.Api.Jobs;
using FaceFusion.Batch.Contracts.Api.Problems;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Coordinator.Api.Bodies;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Submitting;

namespace FaceFusion.Batch.Coordinator.Batches.Manifests;

/// <summary>
/// Rows of CSV under their headings: <c>id</c>, <c>target</c>, <c>sources</c> (parted by spaces), <c>priority</c>, <c>kind</c>,
/// <c>chunkFrames</c>, <c>recipe</c> (JSON) and <c>label.KEY</c>. An empty cell says nothing.
/// </summary>
internal sealed class CsvRows
{
    private const string Label = "label.";

    private static readonly string[] Known = ["id", "target", "sources", "priority", "kind", "chunkFrames", "recipe"];

    private readonly IReadOnlyList<string> _headings;

    /// <exception cref="ManifestException">A heading is not known or there twice, or there is none for the id.</exception>
    public CsvRows(string headings, int line)
    {
        _headings = [.. (CsvCells.Split(headings) ?? [headings]).Select(cell => cell.Trim())];
        List<RowFault> faults = [];
        for (int i = 0; i < _headings.Count; i++)
        {
            string name = _headings[i];
            if (!Known.Contains(name) && !(name.StartsWith(Label, StringComparison.Ordinal) && IsLabel(name)))
            {
                string shown = DisplayNames.Clean(name.Length > 40 ? name[..40] : name);
                faults.Add(
                    Wrong(
                        $"The heading {shown} is none of {string.Join(", ", Known)} and {Label}KEY (parted by commas)."
                    )
                );
            }
            else if (_headings.Take(i).Contains(name))
            {
                faults.Add(Wrong($"The heading {name} is there twice."));
            }
        }

        if (!_headings.Contains("id"))
        {
            faults.Add(Wrong("There is no heading id."));
        }

        if (faults.Count > 0)
        {
            throw new ManifestException(line, faults);
        }
    }

    public ManifestRow Read(string row, int line)
    {
        if (CsvCells.Split(row) is not { } cells)
        {
            return new ManifestRow(
                line,
                null,
                null,
                [new RowFault("", RowFaults.Malformed, "A quote is not closed, or something stands behind it.")]
            );
        }

        List<RowFault> faults = [];
        if (cells.Count > _headings.Count)
        {
            faults.Add(new RowFault("", RowFaults.Malformed, "It has more cells than there are headings."));
        }

        BatchJob job = new();
        Dictionary<string, string> labels = [];
        for (int i = 0; i < _headings.Count && i < cells.Count; i++)
        {
            string cell = cells[i].Trim();
            if (cell.Length == 0)
            {
                continue;
            }

            if (_headings[i].StartsWith(Label, StringComparison.Ordinal))
            {
                labels[_headings[i][Label.Length..]] = cell;
            }
            else
            {
                job = With(job, _headings[i], cell, faults);
            }
        }

        job = job with { Labels = labels.Count > 0 ? labels : null };
        return new ManifestRow(line, job.Id, job, faults);
    }

    private static BatchJob With(BatchJob job, string heading, string cell, List<RowFault> faults) =>
        heading switch
        {
            "id" => job with { Id = cell },
            "target" => job with { Target = cell },
            "sources" => job with { Sources = cell.Split(' ', StringSplitOptions.RemoveEmptyEntries) },
            "priority" => job with { Priority = Number("/priority", cell, faults) },
            "chunkFrames" => job with { ChunkFrames = Number("/chunkFrames", cell, faults) },
            "kind" => job with { Kind = KindOf(cell, faults) },
            _ => job with { Recipe = RecipeOf(cell, faults) },
        };

    private static int? Number(string pointer, string cell, List<RowFault> faults)
    {
        if (int.TryParse(cell, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number))
        {
            return number;
        }

        faults.Add(new RowFault(pointer, RowFaults.Malformed, "It is no whole number."));
        return null;
    }

    private static JobFor? KindOf(string cell, List<RowFault> faults)
    {
        foreach (JobFor kind in Enum.GetValues<JobFor>())
        {
            if (JsonNamingPolicy.SnakeCaseUpper.ConvertName($"{kind}") == cell)
            {
                return kind;
            }
        }

        faults.Add(new RowFault("/kind", RowFaults.Malformed, "It is FUSE or SCAN."));
        return null;
    }

    private static Recipe? RecipeOf(string cell, List<RowFault> faults)
    {
        Recipe? recipe = StrictJson.Parse<Recipe>(Encoding.UTF8.GetBytes(cell), out FieldError? wrong);
        if (wrong is not null)
        {
            faults.Add(new RowFault($"/recipe{wrong.Pointer}", RowFaults.Malformed, wrong.Detail));
        }

        return recipe;
    }

    private static bool IsLabel(string heading) => Labels.IsWord(heading[Label.Length..]);

    private static RowFault Wrong(string detail) => new("", RowFaults.Heading, detail);
}
