using System.Text.Json.Nodes;
using FaceFusion.Batch.Deploy.Tests.Manifests;

namespace FaceFusion.Batch.Deploy.Tests.Rules;

/// <summary>What an object names is there.</summary>
internal static class ReferenceRules
{
    public static IEnumerable<string> FindDangling(Manifest manifest)
    {
        foreach (PodTemplate pod in manifest.Pods)
        {
            string? account = pod.Spec.Text("serviceAccountName");
            if (account is not null && manifest.Find("ServiceAccount", account) is null)
            {
                yield return $"{pod.Name} names the account {account}";
            }

            foreach (
                string? map in pod
                    .LongRunning.SelectMany(one => one.Each("envFrom"))
                    .Select(from => from.Text("configMapRef.name"))
            )
            {
                if (map is not null && manifest.Find("ConfigMap", map) is null)
                {
                    yield return $"{pod.Name} names the ConfigMap {map}";
                }
            }

            foreach (JsonObject container in pod.Containers)
            {
                foreach (
                    string path in new[] { "startupProbe", "livenessProbe", "readinessProbe" }.Select(probe =>
                        $"{probe}.httpGet.port"
                    )
                )
                {
                    if (
                        container.Text(path) is { } port
                        && container.Each("ports").All(one => one.Text("name") != port)
                    )
                    {
                        yield return $"{pod.Name} is probed at the port {port}";
                    }
                }
            }
        }

        foreach (JsonObject service in manifest.OfKind("Service"))
        {
            List<PodTemplate> chosen = [.. manifest.Pods.Where(pod => pod.IsChosenBy(service.At("spec.selector")))];
            if (chosen.Count != 1)
            {
                yield return $"Service {service.Name()} leads to {chosen.Count} kinds of pods";
            }
        }
    }

    /// <summary>The API stays while nodes are emptied, and nodes can be emptied.</summary>
    public static IEnumerable<string> FindUnbudgeted(Manifest manifest)
    {
        foreach (PodTemplate pod in manifest.Pods.Where(pod => pod.Variables().GetValueOrDefault("FFB_ROLES") == "api"))
        {
            long replicas = pod.Owner.Number("spec.replicas") ?? 1;
            JsonObject? budget = manifest
                .OfKind("PodDisruptionBudget")
                .FirstOrDefault(one => pod.IsChosenBy(one.At("spec.selector.matchLabels")));
            if (replicas < 2 || budget.Number("spec.minAvailable") is not { } kept || kept < 1 || kept >= replicas)
            {
                yield return $"{pod.Name} has {replicas} replicas and a budget of {budget.Text("spec.minAvailable") ?? "none"}";
            }
        }
    }
}
