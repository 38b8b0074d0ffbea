using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.Observing;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Sweeping;
using FaceFusion.Batch.Coordinator.Tracking;

namespace FaceFusion.Batch.Coordinator.Simulating;

/// <summary>Attempts: they end well, fail, are handed back or are lost.</summary>
public sealed partial class FleetSimulator
{
    private static readonly Failure Breakdown = new(
        FailureKind.MediaToolFault,
        "simulated",
        "The attempt was made to fail.",
        true
    );

    private readonly Dictionary<(int Job, int Chunk), (double Until, int Worker)> _leases = [];
    private readonly Dictionary<AttemptOutcome, long> _ended = [];
    private double _secondsPerFrame = SlotSpeed.Guess;
    private double _busySeconds;
    private double _wastedSeconds;
    private long _attempts;
    private long _commits;
    private long _framesFused;
    private long _refused;

    private void StartWork(int slot, SimulatedJob job, int chunk, int attempt)
    {
        Troubles troubles = _scenario.Troubles;
        double work = _scenario.Costs.Attempt(job.Plan.Ranges[chunk].Length) * _chance.Factor(troubles.ChunkSpread);
        work /= _fleet.Speed[slot / SlotsPerWorker];
        if (troubles.StragglerShare > 0 && _chance.Uniform() < troubles.StragglerShare)
        {
            work *= troubles.StragglerFactor;
        }

        bool breaks = troubles.FailureShare > 0 && _chance.Uniform() < troubles.FailureShare;
        if (double.IsNaN(_jobs.FirstAt[job.Number]))
        {
            _jobs.FirstAt[job.Number] = _now;
        }

        _attempts++;
        _fleet.Busy++;
        _fleet.BusySlots[slot / SlotsPerWorker]++;
        ref SlotWork own = ref _fleet.Slots[slot];
        (own.Job, own.Chunk, own.Attempt, own.Since) = (job, chunk, attempt, _now);
        own.EndsAt = Begin(breaks ? work / 2 : work, breaks ? Happening.Broke : Happening.Fused, slot, own.Stamp);
    }

    private void EndWork(in Event end)
    {
        if (_fleet.Slots[end.Subject].Stamp != end.Detail)
        {
            return;
        }

        int slot = end.Subject;
        SlotWork work = Leave(slot);
        SimulatedJob job = work.Job!;
        double seconds = _now - work.Since;
        if (end.What == Happening.Broke)
        {
            _wastedSeconds += seconds;
            EndAttempt(job, work.Chunk, work.Attempt, AttemptOutcome.Failed, slot / SlotsPerWorker);
        }
        else if (job.Move(work.Chunk, work.Attempt, ChunkState.Running, ChunkState.Fused))
        {
            int frames = job.Plan.Ranges[work.Chunk].Length;
            _commits++;
            _framesFused += frames;
            _framesOwed -= frames;
            _secondsPerFrame = SlotSpeed.After(_secondsPerFrame, seconds, frames);
            _timeline.Commit(_now);
            _line.Done(job);
            Fused(job);
        }
        else
        {
            _wastedSeconds += seconds;
            _refused++;
        }

        int worker = slot / SlotsPerWorker;
        _fleet.SetIdle(slot);
        if (_fleet.State[worker] == MachineState.Draining && _fleet.BusySlots[worker] == 0)
        {
            WorkerGone(worker, _fleet.Stamp[worker]);
        }

        Release();
    }

    /// <summary>The slot works on nothing any more; what it worked on.</summary>
    private SlotWork Leave(int slot)
    {
        ref SlotWork own = ref _fleet.Slots[slot];
        SlotWork left = own;
        own.Job = null;
        own.Stamp++;
        _active--;
        _fleet.Busy--;
        _fleet.BusySlots[slot / SlotsPerWorker]--;
        _busySeconds += _now - left.Since;
        return left;
    }

    /// <summary>An attempt that made nothing: the chunk waits again, or is quarantined and its job fails.</summary>
    private void EndAttempt(SimulatedJob job, int chunk, int attempt, AttemptOutcome outcome, int worker)
    {
        string name = $"worker-{worker}";
        Failure? failure = outcome == AttemptOutcome.Failed ? Breakdown : null;
        AttemptEnd end = new(job.Id, chunk, attempt, outcome, name, failure);
        List<AttemptRow> history = job.HistoryOf(chunk);
        bool isOver = QuarantineRule.IsOver(history, end, _options);
        ChunkState next = isOver ? ChunkState.Quarantined : ChunkState.Waiting;
        if (!job.Move(chunk, attempt, ChunkState.Running, next))
        {
            // Its job has ended meanwhile.
            _refused++;
            return;
        }

        history.Add(
            new AttemptRow
            {
                ChunkIndex = chunk,
                Attempt = attempt,
                WorkerId = name,
                Outcome = outcome,
                Failure = failure,
            }
        );
        _ended[outcome] = _ended.GetValueOrDefault(outcome) + 1;
        if (!isOver)
        {
            _line.Return(job);
            return;
        }

        // What is in flight of a job that has ended does not count any more.
        _line.Withdraw(job);
        _framesOwed -= FramesLeft(job);
        _jobs.Failed++;
        EndJob(job.Number);
    }

    private static long FramesLeft(SimulatedJob job)
    {
        long frames = 0;
        for (int chunk = 0; chunk < job.Plan.Ranges.Count; chunk++)
        {
            frames += job.StateOf(chunk) == ChunkState.Fused ? 0 : job.Plan.Ranges[chunk].Length;
        }

        return frames;
    }

    /// <summary>The worker is gone without a word: the attempt's lease has to run out, from its last heartbeat on.</summary>
    private void Lose(int slot)
    {
        SlotWork work = Leave(slot);
        _wastedSeconds += _now - work.Since;
        double heartbeat = _options.HeartbeatSeconds;
        double lastWord = work.Since + (Math.Floor((_now - work.Since) / heartbeat) * heartbeat);
        _leases[(work.Job!.Number, work.Chunk)] = (lastWord + _options.Lease.TotalSeconds, slot / SlotsPerWorker);
        At(NextSweep(), Happening.Sweep, work.Job.Number, work.Chunk, work.Attempt);
    }

    private double NextSweep() => (Math.Floor(_now / _options.SweepSeconds) + 1) * _options.SweepSeconds;

    private void Sweep(int number, int chunk, int attempt)
    {
        (double until, int worker) = _leases[(number, chunk)];
        if (!_fusing.TryGetValue(number, out SimulatedJob? job))
        {
            _refused++;
            _ = _leases.Remove((number, chunk));
            return;
        }

        DateTimeOffset start = DateTimeOffset.UnixEpoch;
        bool isSilent = SilenceRule.IsSilent(
            job.StateOf(chunk),
            start.AddSeconds(until),
            null,
            start.AddSeconds(_now),
            _fleet.AnyIdle,
            _options.QueueLease
        );
        if (!isSilent)
        {
            At(NextSweep(), Happening.Sweep, number, chunk, attempt);
            return;
        }

        _ = _leases.Remove((number, chunk));
        EndAttempt(job, chunk, attempt, SilenceRule.OutcomeOf(job.StateOf(chunk)), worker);
        Release();
    }
}
