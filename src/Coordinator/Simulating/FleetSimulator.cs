using FaceFusion.Batch.Coordinator.Dispatching;

namespace FaceFusion.Batch.Coordinator.Simulating;

/// <summary>
/// A fleet on virtual time. What decides is what decides in the Coordinator: <see cref="FairQueue"/>, <see cref="ReleaseWindow"/>,
/// <see cref="ReleaseOrder"/>, the lengths and plans of chunks, leases, silence, quarantine and scaling. Only time, workers and their
/// work are made up.
/// </summary>
public sealed partial class FleetSimulator
{
    private readonly Scenario _scenario;
    private readonly CoordinatorOptions _options;
    private readonly Chance _chance;
    private readonly EventHeap _times = new();

    /// <summary>Ends of activities by the work done for each: where cores are shared, all go on at the same pace.</summary>
    private readonly EventHeap _works = new();

    private readonly Timeline _timeline = new();
    private double _now;
    private double _done;
    private int _active;
    private long _order;
    private long _events;

    private FleetSimulator(Scenario scenario)
    {
        _scenario = ScenarioFile.Check(scenario);
        _options = new CoordinatorOptions { WorkFolder = ".", IsEmbedded = false };
        _chance = new Chance(scenario.Seed);
        _jobs = new JobTable(scenario, _chance);
        _fleet = new Machines(scenario);
    }

    /// <summary>Simulates until every job is over, and a fleet that scales is down to its least.</summary>
    /// <param name="scenario">What to simulate.</param>
    /// <param name="onProgress">Told now and then which share of the jobs is over.</param>
    /// <param name="stop">Gives it up.</param>
    /// <exception cref="Contracts.Errors.InvalidRecipeException">The scenario means nothing.</exception>
    public static SimulatedRun Run(
        Scenario scenario,
        Action<double>? onProgress = null,
        CancellationToken stop = default
    )
    {
        FleetSimulator simulator = new(scenario);
        simulator.Run(onProgress, stop);
        return simulator.Outcome();
    }

    private void Run(Action<double>? onProgress, CancellationToken stop)
    {
        for (int worker = 0; worker < _scenario.Workers; worker++)
        {
            StartWorker(worker);
        }

        At(0, Happening.Arrival, 0);
        if (_scenario.Scaling is not null)
        {
            At(0, Happening.Scale, 0);
        }

        while (!IsOver())
        {
            if ((++_events & 0xFFFFF) == 0)
            {
                stop.ThrowIfCancellationRequested();
                onProgress?.Invoke((double)_jobs.Over / _scenario.Jobs);
            }

            Step();
        }
    }

    private bool IsOver() =>
        _jobs.Over == _scenario.Jobs && (_scenario.Scaling is not { } scaling || _fleet.Alive <= scaling.Least);

    private void Step()
    {
        // As many cores for each as there are, and no more than one activity can use.
        double pace = _scenario.Cores is { } cores
            ? Math.Min(_scenario.CoresPerChunk, cores / Math.Max(1, _active))
            : 1;
        double workAt = _works.Count > 0 ? _now + Math.Max(0, (_works.NextAt - _done) / pace) : double.PositiveInfinity;
        bool isWork = workAt <= _times.NextAt;
        double next = isWork ? workAt : _times.NextAt;
        if (double.IsPositiveInfinity(next))
        {
            throw new InvalidOperationException(
                $"The fleet stands still with {_jobs.Over} jobs of {_scenario.Jobs} over."
            );
        }

        _timeline.Stay(_now, next, _fleet.Busy, _fleet.Alive * _scenario.SlotsPerWorker, _jobs.Open);
        if (isWork)
        {
            Event over = _works.Take();
            (_now, _done) = (next, over.At);
            Happen(over);
        }
        else
        {
            // Without shared cores work and time are the same clock, and must not drift apart.
            _done = _scenario.Cores is null ? next : _done + ((next - _now) * pace);
            _now = next;
            Happen(_times.Take());
        }
    }

    private void Happen(in Event happened)
    {
        switch (happened.What)
        {
            case Happening.Arrival:
                Arrive(happened.Subject);
                break;
            case Happening.Prepared:
                Prepared(happened.Subject);
                break;
            case Happening.Scanned:
                Scanned(happened.Subject);
                break;
            case Happening.Reached:
                Reach(happened.Subject, happened.Detail, happened.Attempt);
                break;
            case Happening.Fused:
            case Happening.Broke:
                EndWork(happened);
                break;
            case Happening.Assembled:
                Assembled(happened.Subject);
                break;
            case Happening.WorkerStart:
                StartWorker(happened.Subject);
                break;
            case Happening.WorkerUp:
                WorkerUp(happened.Subject, happened.Detail);
                break;
            case Happening.Preempted:
                Preempt(happened.Subject, happened.Detail);
                break;
            case Happening.WorkerGone:
                WorkerGone(happened.Subject, happened.Detail);
                break;
            case Happening.Forgotten:
                _fleet.KnownSlots -= _scenario.SlotsPerWorker;
                break;
            case Happening.Sweep:
                Sweep(happened.Subject, happened.Detail, happened.Attempt);
                break;
            default:
                Scale();
                break;
        }
    }

    /// <summary>Something happens at a time.</summary>
    private void At(double time, Happening what, int subject, int detail = 0, int attempt = 0) =>
        _times.Add(new Event(time, _order++, what, subject, detail, attempt));

    /// <summary>Somebody begins to work; the work's end, on the clock of work.</summary>
    private double Begin(double work, Happening end, int subject, int detail = 0)
    {
        double at = (_scenario.Cores is null ? _now : _done) + work;
        _works.Add(new Event(at, _order++, end, subject, detail, 0));
        _active++;
        return at;
    }
}
