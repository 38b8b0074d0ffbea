using FaceFusion.Batch.Contracts.Api.Jobs;

namespace FaceFusion.Batch.Cli.Client;

/// <summary>
/// Follows jobs to their end by asking for what is new since the last answer. While the server is away, after a first answer, it is
/// waited for: jobs go on without whoever watches them.
/// </summary>
/// <param name="jobs">Where they are.</param>
/// <param name="clock">For pauses.</param>
internal sealed class JobWatch(FleetJobs jobs, TimeProvider clock)
{
    /// <summary>How long the server may hold an answer back.</summary>
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Between looks at each of many jobs, so that all of them together ask about ten times a second.</summary>
    private static readonly TimeSpan PausePerJob = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a server may be away before it is taken for gone.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Is told each time that a job is new or other than before, one at a time.</summary>
    public required Action<ApiJob> OnChange { get; init; }

    /// <summary>Is told, one at a time, that the server went away (with why) and that it is back (null).</summary>
    public required Action<ApiCallException?> OnAway { get; init; }

    private readonly Lock _telling = new();
    private int _away;

    /// <returns>The jobs as they ended, in the order of the ids.</returns>
    /// <exception cref="ApiCallException">The first answer was a refusal, or the server stayed away.</exception>
    public async Task<IReadOnlyList<ApiJob>> FollowAsync(IReadOnlyList<string> ids, CancellationToken stop)
    {
        using var together = CancellationTokenSource.CreateLinkedTokenSource(stop);
        TimeSpan pause = ids.Count * PausePerJob > Pause ? ids.Count * PausePerJob : Pause;
        List<Task<ApiJob>> all = [.. ids.Select(id => FollowOneAsync(id, pause, together.Token))];
        try
        {
            await foreach (Task<ApiJob> first in Task.WhenEach(all).WithCancellation(CancellationToken.None))
            {
                _ = await first;
            }
        }
        finally
        {
            await together.CancelAsync();
            await ((Task)Task.WhenAll(all)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return await Task.WhenAll(all);
    }

    public static bool HasEnded(JobStep state) =>
        state is JobStep.Succeeded or JobStep.Failed or JobStep.Cancelled or JobStep.Declined;

    private async Task<ApiJob> FollowOneAsync(string id, TimeSpan pause, CancellationToken stop)
    {
        string? seen = null;
        long lastAnswer = clock.GetTimestamp();
        bool isAway = false;
        while (true)
        {
            try
            {
                ReadJob read = await jobs.ReadAsync(id, seen, seen is null ? TimeSpan.Zero : Hold, stop);
                lastAnswer = clock.GetTimestamp();
                seen = read.ETag;
                if (isAway)
                {
                    isAway = false;
                    Tell(null);
                }

                if (read.Job is { } job)
                {
                    lock (_telling)
                    {
                        OnChange(job);
                    }

                    if (HasEnded(job.State))
                    {
                        return job;
                    }
                }

                if (!read.HasWaited)
                {
                    await Task.Delay(pause, clock, stop);
                }
            }
            catch (ApiCallException e) when (e.Exit == ExitCode.Unavailable && seen is not null)
            {
                if (clock.GetElapsedTime(lastAnswer) > Patience)
                {
                    throw;
                }

                if (!isAway)
                {
                    isAway = true;
                    Tell(e);
                }

                await Task.Delay(e.RetryAfter ?? pause, clock, stop);
            }
        }
    }

    /// <summary>However many jobs are followed, there is one server: it goes away with the first one and is back with the last.</summary>
    private void Tell(ApiCallException? why)
    {
        lock (_telling)
        {
            _away += why is null ? -1 : 1;
            if ((why is null && _away == 0) || (why is not null && _away == 1))
            {
                OnAway(why);
            }
        }
    }
}
