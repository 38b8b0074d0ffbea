using FaceFusion.Batch.Cli.Embedded;
using FaceFusion.Batch.Cli.Fleet;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Cli.Scaling;

/// <summary>Workers on this machine, as processes that this one starts, tells to end and reaps. If it dies, they are told to end.</summary>
internal sealed class LocalWorkers(
    WorkerArguments arguments,
    MediaTools tools,
    int most,
    Terminal terminal,
    TimeProvider clock
) : IDisposable
{
    /// <summary>Beyond the drain, before a process that does not end is killed.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);

    private readonly List<Place> _places = [];
    private readonly RestartPause _pause = new(clock);
    private int _started;

    /// <summary>Those that take work, or will, the oldest first.</summary>
    public IReadOnlyList<string> Running => [.. _places.Where(p => !p.IsTold).Select(p => p.Child.Name)];

    /// <summary>Those that are told to end and have not yet.</summary>
    public int Draining => _places.Count(p => p.IsTold);

    /// <summary>Starts workers until <paramref name="wanted"/> run. Fewer, where too many drain, or some have just died young.</summary>
    /// <returns>Their names.</returns>
    public IReadOnlyList<string> StartUpTo(int wanted)
    {
        List<string> started = [];
        while (_places.Count(p => !p.IsTold) < wanted && _places.Count < most && _pause.IsOver)
        {
            string name = $"{Environment.MachineName}-{Environment.ProcessId}-{++_started}";
            FleetChild child = FleetChild.Start(
                name,
                tools,
                ["worker", .. arguments.Given],
                EnvironmentOf(name),
                line => terminal.Note($"{name} | {line}")
            );
            _places.Add(new Place(child, clock.GetTimestamp()));
            started.Add(name);
        }

        return started;
    }

    /// <summary>Has workers drain: they take nothing new, finish what they can, and end.</summary>
    public void Stop(IReadOnlyList<string> names)
    {
        foreach (Place place in _places.Where(p => names.Contains(p.Child.Name)))
        {
            place.IsTold = true;
            place.Child.AskToStop();
        }
    }

    /// <summary>Lets go of those that have ended.</summary>
    /// <returns>Their names.</returns>
    public IReadOnlyList<string> Reap()
    {
        Place[] ended = [.. _places.Where(p => p.Child.HasEnded)];
        foreach (Place place in ended)
        {
            if (!place.IsTold)
            {
                _pause.Died(clock.GetElapsedTime(place.Since));
                terminal.Complain(
                    $"ffb: {place.Child.Name} has ended by itself with exit code {place.Child.ExitCode}."
                );
            }

            _ = _places.Remove(place);
            place.Child.Dispose();
        }

        return [.. ended.Select(p => p.Child.Name)];
    }

    /// <summary>Returns when one of them ends, or none can.</summary>
    public Task EndOfOneAsync(CancellationToken stop) =>
        Task.WhenAny([Task.Delay(Timeout.Infinite, stop), .. _places.Select(p => p.Child.EndAsync(stop))]);

    /// <summary>Drains all of them; whoever has not ended a while after its drain is killed.</summary>
    public async Task StopAllAsync()
    {
        Stop(Running);
        using CancellationTokenSource tooLong = new(arguments.Drain + Patience, clock);
        foreach (FleetChild child in _places.Select(p => p.Child))
        {
            try
            {
                await child.EndAsync(tooLong.Token);
            }
            catch (OperationCanceledException) when (tooLong.IsCancellationRequested)
            {
                terminal.Complain($"ffb: {child.Name} did not end in time and is killed.");
                child.Kill();
            }
        }
    }

    public void Dispose()
    {
        foreach (Place place in _places)
        {
            place.Child.Kill();
            place.Child.Dispose();
        }
    }

    /// <summary>What is ours alone is taken away: a worker has no use for an API key, a database's login or a store's key.</summary>
    private Dictionary<string, string?> EnvironmentOf(string name) =>
        new()
        {
            ["FFB_WORKER_NAME"] = name,
            // They would fight for one port.
            ["FFB_WORKER_LISTEN"] = null,
            ["FFB_SLOTS"] = $"{arguments.Slots ?? Math.Max(1, Slots.Default / most)}",
            ["FFB_SERVER"] = null,
            ["FFB_API_KEY"] = null,
            ["FFB_API_KEY_FILE"] = null,
            ["FFB_POSTGRES"] = null,
            ["FFB_BLOBS"] = null,
        };

    private sealed class Place(FleetChild child, long since)
    {
        public FleetChild Child { get; } = child;

        public long Since { get; } = since;

        public bool IsTold { get; set; }
    }
}
