using System.Globalization;
using FaceFusion.Batch.Deploy.Tests.Manifests;
using FaceFusion.Batch.Hosting;

namespace FaceFusion.Batch.Deploy.Tests.Rules;

/// <summary>The time a pod has to stop > what its process takes at most > its drain > its worst chunk.</summary>
internal static class GraceRules
{
    private const string WorstChunk = "ffb-worst-chunk-seconds";

    /// <summary>Seconds that a process takes at most after its drain: the bus, the host beyond it, and what ends it by force.</summary>
    private static readonly double StopSeconds =
        new BusOptions().StopSeconds + BusSetup.HostSeconds + LastResort.Grace.TotalSeconds;

    public static IEnumerable<string> FindShort(Manifest manifest)
    {
        foreach (PodTemplate pod in manifest.Pods.Where(pod => pod.Process is not null))
        {
            if (Seconds(pod.Variables().GetValueOrDefault("FFB_DRAIN")) is not { } drain)
            {
                yield return $"{pod.Name} does not say FFB_DRAIN";
                continue;
            }

            long beforeSignal = pod.LongRunning.Max(one => one.Number("lifecycle.preStop.sleep.seconds") ?? 0);
            double longest = beforeSignal + drain + StopSeconds;
            if (pod.Spec.Number("terminationGracePeriodSeconds") is not { } grace || grace <= longest)
            {
                yield return $"{pod.Name} is killed before the {longest} s that it may take to stop";
            }

            if (pod.Process == "worker")
            {
                string? worst = pod
                    .Template.Pairs("metadata.annotations")
                    .FirstOrDefault(pair => pair.Key == WorstChunk)
                    .Value;
                if (Seconds(worst) is not { } chunk || drain <= chunk)
                {
                    yield return $"{pod.Name} drains for {drain} s and its worst chunk takes {worst ?? "how long?"}";
                }
            }
        }
    }

    private static double? Seconds(string? text) =>
        double.TryParse(text, CultureInfo.InvariantCulture, out double seconds) ? seconds : null;
}
