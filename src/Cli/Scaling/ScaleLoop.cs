using FaceFusion.Batch.Cli.Client;
using FaceFusion.Batch.Contracts.Api.Workers;
using FaceFusion.Batch.Coordinator.Scaling;

namespace FaceFusion.Batch.Cli.Scaling;

/// <summary>
/// Asks the fleet what is owed, as KEDA does, and has as many workers run as a cluster would. While the fleet does not answer, the
/// number stays as it is.
/// </summary>
/// <param name="settings">When how many.</param>
/// <param name="connection">With a key of the scope <c>workers</c>.</param>
/// <param name="workers">Null: nothing is started.</param>
/// <param name="clock">For looks and windows.</param>
/// <param name="tell">Hears of every look.</param>
internal sealed class ScaleLoop(
    ScaleSettings settings,
    ApiConnection connection,
    LocalWorkers? workers,
    TimeProvider clock,
    Action<ScaleDecision> tell
)
{
    private readonly ScaleDown _scaleDown = new(settings.WindowSeconds, settings.CooldownSeconds);
    private readonly long _start = clock.GetTimestamp();
    private int _wanted = settings.Least;
    private bool _wasHeard;

    /// <summary>Until it is stopped; what runs then runs on.</summary>
    /// <exception cref="ApiCallException">The fleet cannot be asked at the start.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            tell(await LookAsync(stop));
            await WaitAsync(stop);
        }
    }

    /// <summary>One look, and what it asks for is done.</summary>
    public async Task<ScaleDecision> LookAsync(CancellationToken stop)
    {
        IReadOnlyList<string> ended = workers?.Reap() ?? [];
        ScaleDecision decision = new()
        {
            Time = clock.GetUtcNow(),
            Wanted = _wanted,
            Running = 0,
            Draining = 0,
            Ended = ended,
            DryRun = settings.IsDryRun,
        };
        int before = _wanted;
        try
        {
            ApiScaling scaling = await connection.AskAsync<ApiScaling>(ApiCall.Get("v1/scaling"), stop);
            _wasHeard = true;
            int desired = KedaFormula.Desired(
                scaling.OwedSeconds,
                settings.TargetSeconds,
                _wanted,
                settings.Least,
                settings.Most
            );
            _wanted = _scaleDown.Settle(clock.GetElapsedTime(_start).TotalSeconds, desired, _wanted);
            // The answer may have been slow, and windows count from when it came.
            decision = decision with
            {
                Time = clock.GetUtcNow(),
                OwedSeconds = scaling.OwedSeconds,
                Desired = desired,
            };
        }
        catch (ApiCallException e) when (_wasHeard)
        {
            decision = decision with { Trouble = e.Code };
        }

        decision = workers is null ? Pretend(decision, before) : await ApplyAsync(workers, decision, stop);
        return decision with { Wanted = _wanted };
    }

    private async Task<ScaleDecision> ApplyAsync(LocalWorkers own, ScaleDecision decision, CancellationToken stop)
    {
        IReadOnlyList<string> stopped = [];
        int tooMany = own.Running.Count - _wanted;
        if (tooMany > 0)
        {
            try
            {
                ApiWorkerList all = await connection.AskAsync<ApiWorkerList>(ApiCall.Get("v1/workers"), stop);
                Dictionary<string, int> busy = all.Workers.ToDictionary(w => w.Id, w => w.Busy);
                stopped = StopOrder.Choose(own.Running, busy, tooMany);
                own.Stop(stopped);
            }
            catch (ApiCallException e)
            {
                // Nobody says who is busy: the next look asks again.
                decision = decision with
                {
                    Trouble = e.Code,
                };
            }
        }

        IReadOnlyList<string> started = own.StartUpTo(_wanted);
        return decision with
        {
            Started = started,
            Stopped = stopped,
            Running = own.Running.Count,
            Draining = own.Draining,
        };
    }

    /// <summary>The same of workers that there are not.</summary>
    private ScaleDecision Pretend(ScaleDecision decision, int before) =>
        decision with
        {
            Running = _wanted,
            Started = Numbered(before, _wanted),
            Stopped = Numbered(_wanted, before),
        };

    private static IReadOnlyList<string> Numbered(int from, int to) =>
        from < to ? [.. Enumerable.Range(from + 1, to - from).Select(i => $"worker {i}")] : [];

    /// <summary>Until the next look is due, or a worker ends, which may have to be replaced.</summary>
    private async Task WaitAsync(CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task due = Task.Delay(settings.Every, clock, over.Token);
        Task end = workers?.EndOfOneAsync(over.Token) ?? due;
        _ = await Task.WhenAny(due, end);
        await over.CancelAsync();
        stop.ThrowIfCancellationRequested();
    }
}
