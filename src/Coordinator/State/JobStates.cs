using FaceFusion.Batch.Contracts.Values;

namespace FaceFusion.Batch.Coordinator.State;

/// <summary>The groups of states that queries ask for.</summary>
public static class JobStates
{
    /// <summary>A job that is here never leaves, unless it is submitted again.</summary>
    public static IReadOnlyList<JobState> Terminal { get; } =
    [JobState.Succeeded, JobState.Failed, JobState.Cancelled, JobState.Declined];

    /// <summary>A job that is here has something to come.</summary>
    public static IReadOnlyList<JobState> Open { get; } =
    [.. Enum.GetValues<JobState>().Where(state => !Terminal.Contains(state))];

    /// <summary>Stages that one holder works on under a lease of the job's row; chunks have their own.</summary>
    public static IReadOnlyList<JobState> Leased { get; } =
    [JobState.Queued, JobState.Preparing, JobState.Scanning, JobState.Gating, JobState.Assembling];

    public static bool IsTerminal(this JobState state) => Terminal.Contains(state);
}
