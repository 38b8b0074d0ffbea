using FaceFusion.Batch.Coordinator.Scaling;
using FaceFusion.Batch.Coordinator.State;

namespace FaceFusion.Batch.Coordinator.Simulating;

/// <summary>Workers: they start, are taken away and follow the work owed.</summary>
public sealed partial class FleetSimulator
{
    private readonly Machines _fleet;
    private readonly List<ScaleStep> _scaling = [];
    private ScaleDown? _scaleDown;
    private double _slotSeconds;
    private int _preemptions;

    private int SlotsPerWorker => _scenario.SlotsPerWorker;

    private void StartWorker(int worker)
    {
        if (_jobs.Over == _scenario.Jobs)
        {
            return;
        }

        int stamp = ++_fleet.Stamp[worker];
        _fleet.State[worker] = MachineState.Starting;
        _fleet.StartedAt[worker] = _now;
        _fleet.Speed[worker] = _chance.Factor(_scenario.Troubles.WorkerSpread);
        _fleet.AliveMost = Math.Max(_fleet.AliveMost, ++_fleet.Alive);
        At(_now + _scenario.Costs.ColdStart, Happening.WorkerUp, worker, stamp);
        if (_scenario.Troubles.PreemptionsPerWorkerHour is > 0 and double rate)
        {
            At(_now + _chance.Exponential(3600 / rate), Happening.Preempted, worker, stamp);
        }
    }

    private void WorkerUp(int worker, int stamp)
    {
        if (_fleet.Stamp[worker] != stamp || _fleet.State[worker] != MachineState.Starting)
        {
            return;
        }

        _fleet.State[worker] = MachineState.Live;
        _fleet.Live++;
        _fleet.KnownSlots += SlotsPerWorker;
        for (int slot = worker * SlotsPerWorker; slot < (worker + 1) * SlotsPerWorker; slot++)
        {
            _fleet.SetIdle(slot);
        }

        Scan();
        Release();
    }

    private void Preempt(int worker, int stamp)
    {
        if (_fleet.Stamp[worker] != stamp || _fleet.State[worker] == MachineState.Off || _jobs.Over == _scenario.Jobs)
        {
            return;
        }

        _preemptions++;
        double notice = _scenario.Troubles.NoticeSeconds;
        if (notice <= 0)
        {
            WorkerGone(worker, stamp);
            return;
        }

        StopTaking(worker);
        double pace = _scenario.Cores is { } cores
            ? Math.Min(_scenario.CoresPerChunk, cores / Math.Max(1, _active))
            : 1;
        for (int slot = worker * SlotsPerWorker; slot < (worker + 1) * SlotsPerWorker; slot++)
        {
            // What cannot be finished in time is handed back at once.
            if (_fleet.Slots[slot].Job is not null && (_fleet.Slots[slot].EndsAt - _done) / pace > notice)
            {
                HandBack(slot, AttemptOutcome.Voided);
            }
        }

        At(_now + notice, Happening.WorkerGone, worker, stamp);
        Release();
    }

    private void HandBack(int slot, AttemptOutcome outcome)
    {
        SlotWork work = Leave(slot);
        _wastedSeconds += _now - work.Since;
        EndAttempt(work.Job!, work.Chunk, work.Attempt, outcome, slot / SlotsPerWorker);
    }

    private void StopTaking(int worker)
    {
        if (_fleet.State[worker] == MachineState.Live)
        {
            _fleet.Live--;
            _fleet.KnownSlots -= SlotsPerWorker;
        }

        _fleet.State[worker] = MachineState.Draining;
        for (int slot = worker * SlotsPerWorker; slot < (worker + 1) * SlotsPerWorker; slot++)
        {
            _fleet.SetUnavailable(slot);
        }
    }

    private void WorkerGone(int worker, int stamp)
    {
        if (_fleet.Stamp[worker] != stamp || _fleet.State[worker] == MachineState.Off)
        {
            return;
        }

        bool isUnheard = _fleet.State[worker] == MachineState.Live;
        StopTaking(worker);
        if (isUnheard)
        {
            // Nobody has told the Coordinator.
            _fleet.KnownSlots += SlotsPerWorker;
            At(_now + _options.Lease.TotalSeconds, Happening.Forgotten, worker);
        }

        for (int slot = worker * SlotsPerWorker; slot < (worker + 1) * SlotsPerWorker; slot++)
        {
            if (_fleet.Slots[slot].Job is not null)
            {
                Lose(slot);
            }
        }

        _fleet.State[worker] = MachineState.Off;
        _fleet.Stamp[worker]++;
        _fleet.Alive--;
        _slotSeconds += (_now - _fleet.StartedAt[worker]) * SlotsPerWorker;
        if (_scenario.Scaling is null)
        {
            At(_now + _scenario.Troubles.ReplacementSeconds, Happening.WorkerStart, worker);
        }

        Release();
    }

    private void Scale()
    {
        ScalingPolicy policy = _scenario.Scaling!;
        _scaleDown ??= new ScaleDown(policy.WindowSeconds, policy.CooldownSeconds);
        int current = _fleet.State.Count(state => state is MachineState.Starting or MachineState.Live);
        double owed = _framesOwed * _secondsPerFrame;
        int desired = KedaFormula.Desired(owed, policy.SecondsPerWorker, current, policy.Least, policy.Most);
        int wanted = _scaleDown.Settle(_now, desired, current);
        if (wanted != current)
        {
            _scaling.Add(new ScaleStep(_now, wanted));
        }

        for (int worker = 0; worker < _fleet.State.Length && current < wanted; worker++)
        {
            if (_fleet.State[worker] == MachineState.Off)
            {
                StartWorker(worker);
                current++;
            }
        }

        // Those at work are never the first to go.
        for (int busy = 0; busy <= SlotsPerWorker && current > wanted; busy++)
        {
            for (int worker = _fleet.State.Length - 1; worker >= 0 && current > wanted; worker--)
            {
                if (
                    _fleet.State[worker] is MachineState.Starting or MachineState.Live
                    && _fleet.BusySlots[worker] == busy
                )
                {
                    StopTaking(worker);
                    current--;
                    if (busy == 0)
                    {
                        WorkerGone(worker, _fleet.Stamp[worker]);
                    }
                }
            }
        }

        At(_now + policy.EverySeconds, Happening.Scale, 0);
    }
}
