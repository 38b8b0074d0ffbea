using System.Text.Json;
using FaceFusion.Batch.Contracts.Errors;

namespace FaceFusion.Batch.Coordinator.Simulating;

/// <summary>Reads a scenario and refuses one that means nothing.</summary>
public static class ScenarioFile
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        WriteIndented = true,
    };

    /// <exception cref="InvalidRecipeException">The file cannot be read, or says something impossible.</exception>
    public static Scenario Read(string path)
    {
        try
        {
            return Check(
                JsonSerializer.Deserialize<Scenario>(File.ReadAllText(path), Json)
                    ?? throw Refusal("the file holds no scenario")
            );
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw Refusal($"{path}: {e.Message.ReplaceLineEndings(" ")}");
        }
    }

    /// <summary>As <see cref="Read"/> would read it again.</summary>
    public static string Write(Scenario scenario) => JsonSerializer.Serialize(scenario, Json);

    /// <exception cref="InvalidRecipeException">A figure is out of range.</exception>
    public static Scenario Check(Scenario scenario)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        (StageCosts costs, Troubles troubles) = (scenario.Costs, scenario.Troubles);
        double[] sizes =
        [
            scenario.TenantSkew,
            scenario.FramesSpread,
            costs.Prepare,
            costs.PreparePerFrame,
            costs.Scan,
            costs.ScanPerFrame,
            costs.Hop,
            costs.Chunk,
            costs.MarginFrames,
            costs.MarginFrame,
            costs.Assemble,
            costs.AssemblePerFrame,
            costs.ColdStart,
            troubles.PreemptionsPerWorkerHour,
            troubles.NoticeSeconds,
            troubles.ReplacementSeconds,
        ];
        Demand(
            sizes.All(size => double.IsFinite(size) && size >= 0),
            "times, spreads and rates are numbers of 0 or more"
        );
        Demand(scenario.Workers is >= 0 and <= 100_000, "workers is 0 to 100,000");
        Demand(scenario.SlotsPerWorker is >= 1 and <= LiveSlotsLimit, "slotsPerWorker is 1 to 64");
        Demand((long)scenario.Workers * scenario.SlotsPerWorker <= 1_000_000, "there are at most 1,000,000 slots");
        Demand(scenario.Workers > 0 || scenario.Scaling is not null, "a fleet without scaling has at least 1 worker");
        Demand(scenario.Jobs is >= 1 and <= 5_000_000, "jobs is 1 to 5,000,000");
        Demand(scenario.JobsPerHour is null or > 0, "jobsPerHour is more than 0");
        Demand(scenario.Cores is null or > 0 && scenario.CoresPerChunk > 0, "cores and coresPerChunk are more than 0");
        Demand(scenario.MediaCoordinators >= 0, "mediaCoordinators is 0 or more");
        Demand(scenario.Tenants is >= 1 and <= 100_000, "tenants is 1 to 100,000");
        Demand(
            scenario.Priorities.Count > 0
                // The serializer takes a null in a list for whatever the list is of.
                && scenario.Priorities.All(p => p is { Share: >= 0 })
                && scenario.Priorities.Sum(p => p.Share) > 0,
            "priorities has a share of more than 0"
        );
        Demand(scenario.FramesMedian is >= 1 and <= 10_000_000, "framesMedian is 1 to 10,000,000");
        Demand(scenario.FramesSpread <= 2, "framesSpread is at most 2");
        Demand(scenario.ChunkFrames is null or >= 1, "chunkFrames is at least 1");
        Demand(scenario.WindowPerSlot is >= 1 and <= 1000, "windowPerSlot is 1 to 1000");
        Demand(costs.Frame > 0 && double.IsFinite(costs.Frame), "costs.frame is more than 0");
        Demand(troubles.WorkerSpread is >= 0 and < 1 && troubles.ChunkSpread is >= 0 and < 1, "spreads are 0 to 1");
        Demand(troubles.StragglerShare is >= 0 and <= 1 && troubles.StragglerFactor >= 1, "a straggler is slower");
        Demand(troubles.FailureShare is >= 0 and < 1, "failureShare is at least 0 and less than 1");
        Demand(scenario.PollSeconds > 0, "pollSeconds is more than 0");
        if (scenario.Scaling is { } scaling)
        {
            Demand(
                scaling.Least >= 0 && scaling.Most >= Math.Max(1, scaling.Least) && scaling.Most <= 100_000,
                "scaling goes from least to most, at most 100,000"
            );
            Demand(
                scaling.SecondsPerWorker > 0 && scaling.EverySeconds >= 1,
                "scaling needs secondsPerWorker and everySeconds"
            );
            Demand(scaling.WindowSeconds >= 0 && scaling.CooldownSeconds >= 0, "scaling windows are 0 or more");
        }

        return scenario;
    }

    private const int LiveSlotsLimit = 64;

    private static void Demand(bool holds, string rule)
    {
        if (!holds)
        {
            throw Refusal(rule);
        }
    }

    private static InvalidRecipeException Refusal(string why) =>
        new("scenario-invalid", $"The scenario cannot be simulated: {why}. docs/simulator.md lists the fields.");
}
