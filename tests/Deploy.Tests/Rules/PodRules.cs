using System.Text.Json.Nodes;
using FaceFusion.Batch.Deploy.Tests.Manifests;

namespace FaceFusion.Batch.Deploy.Tests.Rules;

/// <summary>What every pod and container says of itself.</summary>
internal static class PodRules
{
    private static readonly string[] Probes = ["startupProbe", "livenessProbe", "readinessProbe"];

    public static IEnumerable<string> FindLooseImages(Manifest manifest)
    {
        IEnumerable<(string Of, string? Image)> images = manifest
            .Pods.SelectMany(pod => pod.Containers.Select(container => (pod.Name, container.Text("image"))))
            .Concat(manifest.OfKind("RabbitmqCluster").Select(broker => (broker.Name(), broker.Text("spec.image"))));
        return from pair in images
            let tag = pair.Image?.Split('/')[^1].Split(':') is [_, var written] ? written : ""
            where tag is "" or "latest"
            select $"{pair.Of} has the image {pair.Image}";
    }

    public static IEnumerable<string> FindRoot(Manifest manifest)
    {
        foreach (PodTemplate pod in manifest.Pods)
        {
            if (
                !pod.Spec.Is("securityContext.runAsNonRoot", true)
                || pod.Spec.Number("securityContext.runAsUser") is not > 0
            )
            {
                yield return $"{pod.Name} may run as root";
            }

            // A container's own word counts for more than its pod's.
            foreach (JsonObject container in pod.Containers)
            {
                if (
                    container.Is("securityContext.runAsNonRoot", false)
                    || container.Number("securityContext.runAsUser") == 0
                )
                {
                    yield return $"{pod.Name} runs {container.Text("name")} as root";
                }
            }

            if (pod.Process is not null && pod.Spec.Number("securityContext.runAsUser") != 1654)
            {
                yield return $"{pod.Name} does not run as the user of its image, 1654";
            }
        }
    }

    public static IEnumerable<string> FindUnconfined(Manifest manifest)
    {
        foreach (PodTemplate pod in manifest.Pods)
        {
            if (pod.Spec.Text("securityContext.seccompProfile.type") != "RuntimeDefault")
            {
                yield return $"{pod.Name} is not held to the runtime's system calls";
            }

            if (
                new[] { "hostNetwork", "hostPID", "hostIPC" }.Any(name => pod.Spec.Is(name, true))
                || pod.Spec.Each("volumes").Any(volume => volume.At("hostPath") is not null)
            )
            {
                yield return $"{pod.Name} sees the host";
            }

            foreach (JsonObject container in pod.Containers)
            {
                JsonNode? context = container.At("securityContext");
                if (
                    !context.Is("allowPrivilegeEscalation", false)
                    || context.Is("privileged", true)
                    || context.At("capabilities.drop")?.ToJsonString() != "[\"ALL\"]"
                    || context.At("capabilities.add") is not null
                )
                {
                    yield return $"{pod.Name} leaves rights to {container.Text("name")}";
                }
            }
        }
    }

    /// <summary>A process that must write where it may not fails at its first job, so /tmp and the work folder have volumes.</summary>
    public static IEnumerable<string> FindWritableRoot(Manifest manifest)
    {
        foreach (PodTemplate pod in manifest.Pods)
        {
            string? work = pod.Variables().GetValueOrDefault("FFB_WORK");
            foreach (JsonObject container in pod.Containers)
            {
                List<string?> mounts = [.. container.Each("volumeMounts").Select(mount => mount.Text("mountPath"))];
                if (
                    !container.Is("securityContext.readOnlyRootFilesystem", true)
                    || !mounts.Contains("/tmp")
                    || (pod.Process is not null && (work is null || !mounts.Contains(work)))
                )
                {
                    yield return $"{pod.Name} lets {container.Text("name")} write to its root, or leaves it no place to write";
                }
            }
        }
    }

    public static IEnumerable<string> FindUnlimited(Manifest manifest)
    {
        IEnumerable<(string Of, JsonNode? Resources)> all = manifest
            .Pods.SelectMany(pod => pod.Containers.Select(container => (pod.Name, container.At("resources"))))
            .Concat(manifest.OfKind("RabbitmqCluster").Select(broker => (broker.Name(), broker.At("spec.resources"))));
        foreach ((string of, JsonNode? resources) in all)
        {
            foreach (string path in new[] { "requests.cpu", "requests.memory", "limits.cpu", "limits.memory" })
            {
                if (resources.Text(path) is null)
                {
                    yield return $"{of} has no {path}";
                }
            }
        }

        foreach (PodTemplate pod in manifest.Pods)
        {
            foreach (JsonObject volume in pod.Spec.Each("volumes"))
            {
                if (volume.At("emptyDir") is not null && volume.Text("emptyDir.sizeLimit") is null)
                {
                    yield return $"{pod.Name} may fill its node by {volume.Text("name")}";
                }
            }
        }
    }

    public static IEnumerable<string> FindUnprobed(Manifest manifest) =>
        from pod in manifest.Pods
        from container in pod.LongRunning
        from probe in Probes
        where container.At(probe) is null
        select $"{pod.Name} has no {probe} for {container.Text("name")}";

    public static IEnumerable<string> FindTokens(Manifest manifest) =>
        manifest
            .Pods.Where(pod => !pod.Spec.Is("automountServiceAccountToken", false))
            .Select(pod => pod.Name)
            .Concat(
                manifest
                    .OfKind("ServiceAccount")
                    .Where(account => !account.Is("automountServiceAccountToken", false))
                    .Select(account => $"ServiceAccount {account.Name()}")
            )
            .Select(name => $"{name} mounts a token");

    /// <summary>Where there may be several, they are not all on the node that fails.</summary>
    public static IEnumerable<string> FindUnspread(Manifest manifest) =>
        from pod in manifest.Pods
        where pod.Owner.Number("spec.replicas") is not 1
        where
            !pod
                .Spec.Each("topologySpreadConstraints")
                .Any(constraint =>
                    constraint.Text("topologyKey") == "kubernetes.io/hostname"
                    && pod.IsChosenBy(constraint.At("labelSelector.matchLabels"))
                )
        select $"{pod.Name} may be all on one node";
}
