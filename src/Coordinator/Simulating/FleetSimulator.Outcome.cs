namespace FaceFusion.Batch.Coordinator.Simulating;

/// <summary>What came of it.</summary>
public sealed partial class FleetSimulator
{
    private SimulatedRun Outcome()
    {
        for (int worker = 0; worker < _fleet.State.Length; worker++)
        {
            if (_fleet.State[worker] != MachineState.Off)
            {
                _slotSeconds += (_now - _fleet.StartedAt[worker]) * SlotsPerWorker;
            }
        }

        IReadOnlyList<TimelineStep> timeline = _timeline.Read();
        int most = Math.Max(1, _fleet.AliveMost);
        double heartbeats = (timeline.Max(step => step.Busy) + most) / _options.HeartbeatSeconds;
        Dictionary<string, long> ended = _ended.ToDictionary(e => $"{e.Key}".ToLowerInvariant(), e => e.Value);
        ended["refused"] = _refused;
        return new SimulatedRun
        {
            Workers = _fleet.AliveMost,
            Jobs = _scenario.Jobs,
            Succeeded = _scenario.Jobs - _jobs.Failed,
            Failed = _jobs.Failed,
            Makespan = _makespan,
            Frames = _framesFused,
            Commits = _commits,
            Attempts = _attempts,
            Ended = ended,
            Preemptions = _preemptions,
            SlotHours = _slotSeconds / 3600,
            BusyHours = _busySeconds / 3600,
            WastedHours = _wastedSeconds / 3600,
            Efficiency = _framesFused * _scenario.Costs.Frame / Math.Max(1e-9, _slotSeconds),
            FramesPerSecond = _framesFused / Math.Max(1e-9, _makespan),
            ChunkFrames = _lastLength,
            ByPriority = _jobs.Waits(job => $"{_jobs.Priority[job]}"),
            ByTenant = [.. _jobs.Waits(_jobs.NameOf).Take(10)],
            Load = new ControlLoad(
                _commits / Math.Max(1e-9, _makespan),
                timeline.Max(step => step.Commits),
                heartbeats,
                timeline.Max(step => step.OpenJobs) / _scenario.PollSeconds,
                _preparesPeak,
                _assembliesPeak
            ),
            Timeline = timeline,
            Scaling = _scaling,
            Events = _events,
        };
    }
}
