using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.Dispatching;
using FaceFusion.Batch.Media.Planning;

namespace FaceFusion.Batch.Coordinator.Simulating;

/// <summary>Jobs: they come, are prepared, scanned, fused and assembled.</summary>
public sealed partial class FleetSimulator
{
    private readonly JobTable _jobs;
    private readonly Dictionary<(int Frames, int Length), SimulatedPlan> _plans = [];
    private readonly Dictionary<int, SimulatedJob> _fusing = [];
    private readonly FairQueue _line = new();

    /// <summary>Jobs that wait to be prepared, in the same order as chunks.</summary>
    private readonly FairQueue _unprepared = new();
    private readonly Dictionary<int, FairPlace> _preparing = [];
    private readonly Queue<int> _unscanned = [];
    private readonly Queue<int> _unassembled = [];
    private readonly Queue<(SimulatedJob Job, int Chunk, int Attempt)> _broker = [];
    private int _prepares;
    private int _scans;
    private int _assemblies;
    private int _preparesPeak;
    private int _assembliesPeak;
    private int _lastLength;
    private long _framesOwed;
    private double _makespan;

    private void Arrive(int job)
    {
        // Those of one moment come together: each would otherwise be the first in a line of one.
        double at = _jobs.SubmittedAt[job];
        for (; job < _scenario.Jobs && _jobs.SubmittedAt[job] <= at; job++)
        {
            _jobs.Open++;
            JobPlace place = new(job, _jobs);
            _unprepared.Add(place);
            _preparing.Add(job, place);
        }

        if (job < _scenario.Jobs)
        {
            At(_jobs.SubmittedAt[job], Happening.Arrival, job);
        }

        Prepare();
    }

    private void Prepare()
    {
        int lanes = _scenario.MediaCoordinators == 0 ? int.MaxValue : _scenario.MediaCoordinators;
        while (_prepares < lanes && _unprepared.Next() is JobPlace next)
        {
            _preparesPeak = Math.Max(_preparesPeak, ++_prepares);
            StageCosts costs = _scenario.Costs;
            _ = Begin(
                costs.Prepare + (costs.PreparePerFrame * _jobs.Frames[next.Number]),
                Happening.Prepared,
                next.Number
            );
        }
    }

    private void Prepared(int job)
    {
        _active--;
        _prepares--;
        if (_preparing.Remove(job, out FairPlace? place))
        {
            _unprepared.Done(place);
        }

        // As the Coordinator knows it: by chunks that are fused, of jobs under way.
        double? speed = _commits > 0 && _fusing.Count > 0 ? _secondsPerFrame : null;
        int length = _scenario.ChunkFrames ?? ChunkLength.Choose(_jobs.Frames[job], _fleet.KnownSlots, speed);
        _lastLength = length;
        SimulatedJob prepared = new(
            job,
            _jobs.NameOf(job),
            _jobs.Priority[job],
            _jobs.SubmittedAt[job],
            PlanOf(_jobs.Frames[job], length)
        );
        _fusing.Add(job, prepared);
        _framesOwed += _jobs.Frames[job];
        _unscanned.Enqueue(job);
        Scan();
        Prepare();
    }

    /// <summary>Each worker scans one target at a time, beside its chunks.</summary>
    private void Scan()
    {
        while (_scans < _fleet.Live && _unscanned.TryDequeue(out int job))
        {
            _scans++;
            StageCosts costs = _scenario.Costs;
            _ = Begin(costs.Scan + (costs.ScanPerFrame * _jobs.Frames[job]), Happening.Scanned, job);
        }
    }

    private void Scanned(int job)
    {
        _active--;
        _scans--;
        _line.Add(_fusing[job]);
        Scan();
        Release();
    }

    /// <summary>Fills the window.</summary>
    private void Release()
    {
        int free = ReleaseWindow.Free(_fleet.KnownSlots, _line.InFlight, _scenario.WindowPerSlot);
        for (; free > 0 && _line.Next() is SimulatedJob job; free--)
        {
            int chunk = job.Release();
            if (_scenario.Costs.Hop > 0)
            {
                At(_now + _scenario.Costs.Hop, Happening.Reached, job.Number, chunk, job.AttemptOf(chunk));
            }
            else
            {
                _broker.Enqueue((job, chunk, job.AttemptOf(chunk)));
            }
        }

        Pump();
    }

    private void Reach(int number, int chunk, int attempt)
    {
        if (_fusing.TryGetValue(number, out SimulatedJob? job))
        {
            _broker.Enqueue((job, chunk, attempt));
            Pump();
        }
    }

    /// <summary>Every idle slot takes the oldest message; one about an attempt that does not count any more is thrown away.</summary>
    private void Pump()
    {
        while (_broker.Count > 0 && _fleet.TakeIdle() is int slot and >= 0)
        {
            (SimulatedJob job, int chunk, int attempt) = _broker.Dequeue();
            if (job.Move(chunk, attempt, ChunkState.Released, ChunkState.Running))
            {
                StartWork(slot, job, chunk, attempt);
            }
            else
            {
                _fleet.SetIdle(slot);
            }
        }
    }

    private void Fused(SimulatedJob job)
    {
        if (job.Fused < job.Plan.Ranges.Count)
        {
            return;
        }

        _unassembled.Enqueue(job.Number);
        Assemble();
    }

    private void Assemble()
    {
        int lanes = _scenario.MediaCoordinators == 0 ? int.MaxValue : 2 * _scenario.MediaCoordinators;
        while (_assemblies < lanes && _unassembled.TryDequeue(out int job))
        {
            _assembliesPeak = Math.Max(_assembliesPeak, ++_assemblies);
            StageCosts costs = _scenario.Costs;
            _ = Begin(costs.Assemble + (costs.AssemblePerFrame * _jobs.Frames[job]), Happening.Assembled, job);
        }
    }

    private void Assembled(int job)
    {
        _active--;
        _assemblies--;
        EndJob(job);
        Assemble();
    }

    private void EndJob(int job)
    {
        _fusing[job].IsOver = true;
        _ = _fusing.Remove(job);
        _jobs.EndedAt[job] = _now;
        _jobs.Open--;
        _jobs.Over++;
        _makespan = _now;
    }

    private SimulatedPlan PlanOf(int frames, int length)
    {
        if (!_plans.TryGetValue((frames, length), out SimulatedPlan? plan))
        {
            plan = new SimulatedPlan(frames, length);
            _plans.Add((frames, length), plan);
        }

        return plan;
    }

    /// <summary>A job that waits to be prepared.</summary>
    private sealed class JobPlace(int number, JobTable jobs)
        : FairPlace(
            new Guid(number, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]),
            jobs.NameOf(number),
            jobs.Priority[number],
            DateTimeOffset.UnixEpoch.AddSeconds(jobs.SubmittedAt[number]),
            inFlight: 0,
            waiting: 1
        )
    {
        public int Number => number;
    }
}
