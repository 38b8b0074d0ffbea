using System.Text.Json.Nodes;
using FaceFusion.Batch.Deploy.Tests.Manifests;

namespace FaceFusion.Batch.Deploy.Tests.Rules;

/// <summary>From none to many and back, without ending many busy workers at a time.</summary>
internal static class ScalingRules
{
    private const string ScaleDown = "spec.advanced.horizontalPodAutoscalerConfig.behavior.scaleDown";

    public static IEnumerable<string> FindUnfit(Manifest manifest)
    {
        List<JsonObject> scaled = [.. manifest.OfKind("ScaledObject")];
        foreach (PodTemplate pod in manifest.Pods.Where(pod => pod.Process == "worker"))
        {
            if (scaled.Count(one => one.Text("spec.scaleTargetRef.name") == pod.Owner.Name()) != 1)
            {
                yield return $"{pod.Name} is not scaled by one ScaledObject";
            }

            if (pod.Owner.At("spec.replicas") is not null)
            {
                yield return $"{pod.Name} has a number of its own, which every apply would set";
            }
        }

        foreach (JsonObject one in scaled)
        {
            if (manifest.Find("Deployment", one.Text("spec.scaleTargetRef.name")) is null)
            {
                yield return $"{one.Name()} scales what is not there";
            }

            if (one.Number("spec.minReplicaCount") != 0 || one.Number("spec.maxReplicaCount") is not > 1)
            {
                yield return $"{one.Name()} does not go from none to several";
            }

            if (one.Number("spec.cooldownPeriod") is not >= 300)
            {
                yield return $"{one.Name()} ends its last worker between two jobs";
            }

            if (
                one.Number($"{ScaleDown}.stabilizationWindowSeconds") is not >= 60
                || !one.Each($"{ScaleDown}.policies").Any()
                || one.Each($"{ScaleDown}.policies")
                    .Any(policy => policy.Text("type") != "Pods" || policy.Number("value") != 1)
            )
            {
                yield return $"{one.Name()} may end several workers at a time";
            }
        }
    }
}
