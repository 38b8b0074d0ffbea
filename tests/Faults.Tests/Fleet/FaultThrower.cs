using FaceFusion.Batch.Faults.Tests.Schedules;
using FaceFusion.Batch.TestKit.Services;

namespace FaceFusion.Batch.Faults.Tests.Fleet;

/// <summary>Makes the faults of a schedule happen.</summary>
internal sealed class FaultThrower(FaultyFleet fleet)
{
    /// <summary>What an armed fault is called in the process that it strikes; null: it is thrown at its time.</summary>
    public static string? WordsOf(Fault fault) =>
        fault.Kind switch
        {
            FaultKind.WorkerDiesAt
            or FaultKind.CoordinatorDiesAt when fault.Point.StartsWith("within-", StringComparison.Ordinal) =>
                $"die-within {fault.Point["within-".Length..]}",
            FaultKind.WorkerDiesAt or FaultKind.CoordinatorDiesAt => $"die {fault.Point}",
            FaultKind.LoseMessage => $"lose {fault.Point}",
            FaultKind.DoubleMessage => $"double {fault.Point}",
            FaultKind.DelayMessage => $"delay {fault.Point}",
            _ => null,
        };

    /// <summary>Arms a fault that strikes by itself when its point comes by; false: it is one of a time.</summary>
    public bool Arm(Fault fault)
    {
        if (WordsOf(fault) is not { } words)
        {
            return false;
        }

        fleet.Find(fault.Process).Tell($"{words} {fault.Hit} {(int)(fault.Seconds * 1000)}");
        return true;
    }

    /// <summary>From its beginning to its end; false: it cannot be done on this machine.</summary>
    public async Task<bool> ThrowAsync(Fault fault)
    {
        var duration = TimeSpan.FromSeconds(fault.Seconds);
        switch (fault.Kind)
        {
            case FaultKind.KillWorker or FaultKind.KillCoordinator:
                fleet.Find(fault.Process).Kill();
                return true;
            case FaultKind.FreezeWorker or FaultKind.FreezeCoordinator:
                fleet.Find(fault.Process).Freeze();
                await Task.Delay(duration);
                fleet.Find(fault.Process).Thaw();
                return true;
            case FaultKind.CutBroker:
                return fleet.Broker.Cut() > 0;
            case FaultKind.CutDatabase:
                return fleet.Database.Cut() > 0;
            case FaultKind.RestartBroker:
                await RestartAsync("rabbitmq");
                return true;
            case FaultKind.RestartDatabase:
                await RestartAsync("postgres");
                return true;
            case FaultKind.FullDisk:
                return await FillAsync(fleet.Scratches[fault.Process[^1] - '0'], duration);
            case FaultKind.ClockSkew:
                fleet.Find(fault.Process).Tell($"skew clock 0 {(int)(fault.Seconds * 1000)}");
                return true;
            default:
                return await BreakAsync(LineOf(fault.Kind), FaultOf(fault.Kind), duration);
        }
    }

    private static async Task RestartAsync(string server)
    {
        await RealServices.ScriptAsync("down", server);
        await RealServices.ScriptAsync("up", server);
    }

    private static async Task<bool> FillAsync(SmallDisk disk, TimeSpan duration)
    {
        if (!disk.Fill())
        {
            return false;
        }

        await Task.Delay(duration);
        disk.Empty();
        return true;
    }

    private static async Task<bool> BreakAsync(FaultyLine line, LineFault fault, TimeSpan duration)
    {
        line.Break(fault);
        await Task.Delay(duration);
        line.Mend();
        return true;
    }

    private FaultyLine LineOf(FaultKind kind) =>
        kind switch
        {
            FaultKind.BrokerSilent => fleet.Broker,
            FaultKind.DatabaseSilent => fleet.Database,
            _ => fleet.Store,
        };

    private static LineFault FaultOf(FaultKind kind) =>
        kind switch
        {
            FaultKind.Blob500 => LineFault.Answer500,
            FaultKind.Blob503 => LineFault.Answer503,
            FaultKind.BlobSlow => LineFault.Slow,
            FaultKind.BlobHalfUpload => LineFault.HalfUpload,
            FaultKind.BlobAnswerLost => LineFault.AnswerLost,
            FaultKind.BlobRefused => LineFault.Refuse,
            FaultKind.BlobSilent or FaultKind.BrokerSilent or FaultKind.DatabaseSilent => LineFault.BlackHole,
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a fault of a line."),
        };
}
