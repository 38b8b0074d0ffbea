using System.Text.Json;
using FaceFusion.Batch.Contracts.Errors;

namespace FaceFusion.Batch.Cli.Benching;

/// <summary>One figure of two runs.</summary>
/// <param name="Figure">Its name.</param>
/// <param name="Then">In the earlier run.</param>
/// <param name="Now">In this one.</param>
internal sealed record BenchChange(string Figure, double Then, double Now)
{
    /// <summary>0.1: a tenth more than then.</summary>
    public double Change => Then == 0 ? 0 : (Now / Then) - 1;

    /// <summary>The figures that both runs have.</summary>
    /// <param name="path">The JSON answer of the earlier one.</param>
    /// <exception cref="InvalidRecipeException"><c>bench-base</c>: it is no such answer, or of other networks.</exception>
    public static IReadOnlyList<BenchChange> Between(string path, BenchAnswer now)
    {
        BenchAnswer then = Read(path);
        if (then.Networks != now.Networks || then.Encoder != now.Encoder)
        {
            throw Wrong(
                path,
                $"is of {then.Networks} networks and {then.Encoder}, this one of {now.Networks} and {now.Encoder}"
            );
        }

        List<BenchChange> changes = [];
        foreach (BenchResult result in now.Results)
        {
            if (then.Results.FirstOrDefault(r => r.Size == result.Size) is not { } old)
            {
                continue;
            }

            changes.Add(new BenchChange($"{result.Size} job /s", old.Job, result.Job));
            Add(changes, $"{result.Size} pipe /s", old.Pipe, result.Pipe);
            changes.AddRange(
                result
                    .Alone.Where(a => old.Alone.ContainsKey(a.Key))
                    .Select(a => new BenchChange($"{result.Size} {a.Key} alone /s", old.Alone[a.Key], a.Value))
            );
            Add(changes, $"{result.Size} job/bound %", 100 * old.RatioToBound, 100 * result.RatioToBound);
            Add(changes, $"{result.Size} job/pipe %", 100 * old.RatioToPipe, 100 * result.RatioToPipe);
        }

        return changes;
    }

    /// <summary>Read before anything is measured, so that a wrong file costs no time.</summary>
    public static BenchAnswer Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<BenchAnswer>(File.ReadAllBytes(path), JsonSerializerOptions.Web)
                ?? throw Wrong(path, "is empty");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw Wrong(path, $"cannot be read ({e.Message})");
        }
    }

    private static void Add(List<BenchChange> changes, string figure, double? then, double? now)
    {
        if (then is { } before && now is { } after)
        {
            changes.Add(new BenchChange(figure, before, after));
        }
    }

    private static InvalidRecipeException Wrong(string path, string why) =>
        new(
            "bench-base",
            $"--compare {path} {why}: give what `ffb bench --output-format json` wrote with the same options."
        );
}
