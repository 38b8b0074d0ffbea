namespace FaceFusion.Batch.Coordinator.Simulating;

internal enum MachineState : byte
{
    Off,
    Starting,
    Live,

    /// <summary>Takes nothing more.</summary>
    Draining,
}

/// <summary>Workers and their slots, in columns. Slot s belongs to worker s / slots per worker.</summary>
internal sealed class Machines
{
    private readonly Queue<int> _idle = [];
    private readonly bool[] _isIdle;
    private readonly int _slotsPerWorker;

    public Machines(Scenario scenario)
    {
        int most = Math.Max(scenario.Workers, scenario.Scaling?.Most ?? 0);
        _slotsPerWorker = scenario.SlotsPerWorker;
        State = new MachineState[most];
        Stamp = new int[most];
        Speed = new double[most];
        StartedAt = new double[most];
        BusySlots = new int[most];
        _isIdle = new bool[most * _slotsPerWorker];
        Slots = new SlotWork[most * _slotsPerWorker];
    }

    public MachineState[] State { get; }

    /// <summary>Goes up with every start: what was meant for the one before does not count.</summary>
    public int[] Stamp { get; }

    public double[] Speed { get; }
    public double[] StartedAt { get; }
    public int[] BusySlots { get; }
    public SlotWork[] Slots { get; }

    /// <summary>Workers that are paid for.</summary>
    public int Alive { get; set; }

    public int AliveMost { get; set; }

    /// <summary>Workers that take work.</summary>
    public int Live { get; set; }

    /// <summary>Slots that the Coordinator takes for alive: it learns of a death one lease later.</summary>
    public int KnownSlots { get; set; }

    /// <summary>Slots at work.</summary>
    public int Busy { get; set; }

    public bool AnyIdle => Live * _slotsPerWorker > Busy;

    public void SetIdle(int slot)
    {
        if (!_isIdle[slot] && State[slot / _slotsPerWorker] == MachineState.Live)
        {
            _isIdle[slot] = true;
            _idle.Enqueue(slot);
        }
    }

    public void SetUnavailable(int slot) => _isIdle[slot] = false;

    /// <summary>The slot that has been idle for longest; -1: none is.</summary>
    public int TakeIdle()
    {
        while (_idle.TryDequeue(out int slot))
        {
            if (_isIdle[slot])
            {
                _isIdle[slot] = false;
                return slot;
            }
        }

        return -1;
    }
}

/// <summary>What a slot works on; no job: nothing.</summary>
internal struct SlotWork
{
    public SimulatedJob? Job;
    public int Chunk;
    public int Attempt;

    /// <summary>Goes up with every end: an event with another one is void.</summary>
    public int Stamp;
    public double Since;

    /// <summary>Its end on the clock of work.</summary>
    public double EndsAt;
}
