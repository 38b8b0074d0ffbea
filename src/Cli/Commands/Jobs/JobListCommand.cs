using System.CommandLine;
using FaceFusion.Batch.Cli.Client;
using FaceFusion.Batch.Cli.Fleet;
using FaceFusion.Batch.Contracts.Api.Jobs;

namespace FaceFusion.Batch.Cli.Commands.Jobs;

/// <summary><c>ffb jobs list</c>.</summary>
internal static class JobListCommand
{
    private const int MostJobs = 100_000;

    public static Command Create()
    {
        Option<string?> state = new("--state")
        {
            Description = "Only those in this state",
            HelpName = string.Join('|', Enum.GetNames<JobStep>()).ToLowerInvariant(),
        };
        state.AcceptOnlyFromAmong([.. Enum.GetNames<JobStep>().Select(name => name.ToLowerInvariant())]);
        Option<string[]> label = new("--label")
        {
            Description = "Only those with this label; give it several times for several",
            HelpName = "KEY=VALUE",
        };
        Option<string?> filter = new("--filter")
        {
            Description = "Only those that the API's filter takes, such as createTime > \"2026-11-21T00:00:00Z\"",
            HelpName = "TEXT",
        };
        Option<int> limit = new("--limit", "-n")
        {
            Description = "How many at most, the newest first",
            DefaultValueFactory = _ => 50,
            HelpName = "N",
        };
        return FleetCommand
            .Create(
                "list",
                "Your jobs, the newest first",
                async session =>
                {
                    int most = session.Get(limit);
                    if (most is < 1 or > MostJobs)
                    {
                        throw Setting.Wrong($"--limit must be 1 to {MostJobs}.");
                    }

                    string?[] terms =
                    [
                        session.Get(state) is { } step ? $"state = {step.ToUpperInvariant()}" : null,
                        .. LabelOptions.Read(session.Get(label)).Select(l => $"labels.{l.Key} = \"{l.Value}\""),
                        session.Get(filter),
                    ];
                    string all = string.Join(" AND ", terms.OfType<string>());
                    IReadOnlyList<ApiJob> jobs = await session.Jobs.ListAsync(
                        all.Length > 0 ? all : null,
                        most,
                        default
                    );
                    session.Terminal.AnswerList("jobs", jobs, text => JobTables.PrintList(text, jobs));
                    return ExitCode.Ok;
                },
                "ffb jobs list --state running",
                "ffb jobs list --label campaign=spring --limit 500",
                "ffb jobs list --state failed --output-format jsonl | jq -r .id | xargs ffb jobs retry"
            )
            .With(state, label, filter, limit);
    }
}
