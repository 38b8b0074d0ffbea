using System.Globalization;
using System.Text.RegularExpressions;
using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Jobs;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.Api.Bodies;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Submitting;

namespace FaceFusion.Batch.Coordinator.Api.Jobs;

/// <summary>
/// The filter of a list of jobs: terms joined by AND, each <c>state = FAILED</c>, <c>createTime &gt; "2026-11-21T00:00:00Z"</c>
/// (also &lt;, &lt;=, &gt;=), <c>labels.key = "value"</c> or <c>batch = bat_…</c>. What it says becomes parameters, never text, of the query.
/// </summary>
internal static partial class JobFilter
{
    public const string Grammar =
        "Terms joined by AND, each state = FAILED, createTime > \"2026-11-21T00:00:00Z\" (also <, <=, >=, =), labels.key = \"value\" or batch = bat_….";

    private const int Longest = 1000;

    public static IQueryable<JobRow> Apply(IQueryable<JobRow> jobs, string filter)
    {
        if (filter.Length > Longest)
        {
            throw Wrong($"It may have {Longest} characters.");
        }

        return filter.Length == 0 ? jobs : And().Split(filter).Aggregate(jobs, ApplyTerm);
    }

    private static IQueryable<JobRow> ApplyTerm(IQueryable<JobRow> jobs, string text)
    {
        Match term = Term().Match(text);
        if (!term.Success)
        {
            throw Wrong(
                "A term is state = STATE, createTime > \"TIME\", labels.KEY = \"VALUE\" or batch = ID; terms are joined by AND."
            );
        }

        string field = term.Groups[1].Value;
        string sign = term.Groups[2].Value;
        string value = term.Groups[3].Value.Trim('"');
        if (field == "createTime")
        {
            return ByTime(jobs, sign, value);
        }

        if (sign != "=")
        {
            throw Wrong($"{field} is compared with = alone.");
        }

        return field switch
        {
            "state" => ByState(jobs, value),
            "batch" => ByBatch(jobs, value),
            _ => ByLabel(jobs, field["labels.".Length..], value),
        };
    }

    private static IQueryable<JobRow> ByTime(IQueryable<JobRow> jobs, string sign, string value)
    {
        if (
            !DateTimeOffset.TryParse(
                value,
                CultureInfo.InvariantCulture,
                DateTimeStyles.RoundtripKind,
                out DateTimeOffset at
            )
        )
        {
            throw Wrong("A time is written like \"2026-11-21T00:00:00Z\".");
        }

        return sign switch
        {
            ">" => jobs.Where(j => j.CreatedAt > at),
            ">=" => jobs.Where(j => j.CreatedAt >= at),
            "<" => jobs.Where(j => j.CreatedAt < at),
            "<=" => jobs.Where(j => j.CreatedAt <= at),
            _ => jobs.Where(j => j.CreatedAt == at),
        };
    }

    private static IQueryable<JobRow> ByState(IQueryable<JobRow> jobs, string value)
    {
        JobStep? step = Enum.GetValues<JobStep>()
            .Cast<JobStep?>()
            .FirstOrDefault(s => $"{s}".Equals(value, StringComparison.OrdinalIgnoreCase));
        IReadOnlyList<JobState> terminal = JobStates.Terminal;
        if (step == JobStep.Paused)
        {
            return jobs.Where(j => j.PausedAt != null && !terminal.Contains(j.State));
        }

        List<JobState> states =
        [
            .. Enum.GetValues<JobState>().Where(s => step is { } asked && JobAnswers.StepOf(s) == asked),
        ];
        return states.Count == 0 ? throw Wrong("There is no such state.")
            : states[0].IsTerminal() ? jobs.Where(j => states.Contains(j.State))
            : jobs.Where(j => states.Contains(j.State) && j.PausedAt == null);
    }

    /// <summary>Those that the batch has made. Nothing is found by the id of another tenant's, or of none.</summary>
    private static IQueryable<JobRow> ByBatch(IQueryable<JobRow> jobs, string value) =>
        ApiIds.TryRead(ApiIds.Batch, value, out Guid batch)
            ? jobs.Where(j => j.BatchId == batch)
            : throw Wrong("That cannot be the id of a batch.");

    private static IQueryable<JobRow> ByLabel(IQueryable<JobRow> jobs, string key, string value)
    {
        if (!Labels.IsWord(key) || !Labels.IsWord(value))
        {
            throw Wrong("That cannot be a label.");
        }

        string line = Labels.LineOf(key, value);
        return jobs.Where(j => j.Labels.Contains(line));
    }

    private static Problems.ProblemException Wrong(string detail) => Fields.Wrong("filter", detail);

    [GeneratedRegex(@"\s+AND\s+", RegexOptions.NonBacktracking)]
    private static partial Regex And();

    [GeneratedRegex(
        "^\\s*(state|createTime|batch|labels\\.[A-Za-z0-9._-]+)\\s*(=|>=|<=|>|<)\\s*(\"[^\"]*\"|[A-Za-z0-9._-]+)\\s*$",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex Term();
}
