using System.Text.Json.Nodes;
using FaceFusion.Batch.Deploy.Tests.Manifests;

namespace FaceFusion.Batch.Deploy.Tests.Rules;

/// <summary>Who may talk to whom.</summary>
internal static class NetworkRules
{
    /// <summary>In each namespace with pods one policy chooses all of them, for both directions, and lets nothing through.</summary>
    public static IEnumerable<string> FindOpen(Manifest manifest) =>
        manifest
            .Pods.Select(pod => pod.Owner.Text("metadata.namespace") ?? "")
            .Distinct()
            .Where(space => !manifest.OfKind("NetworkPolicy").Any(policy => IsDenyAll(policy, space)))
            .Select(space => $"namespace {space} lets through what no policy names");

    /// <summary>A policy whose labels are misspelt protects, or opens, nothing.</summary>
    public static IEnumerable<string> FindIdlePolicies(Manifest manifest) =>
        from policy in manifest.OfKind("NetworkPolicy")
        let selector = policy.At("spec.podSelector")
        let brokers = manifest.OfKind("RabbitmqCluster").Select(broker => broker.Name())
        where
            !manifest.Pods.Any(pod => IsChosen(pod, selector))
            && !brokers.Contains(selector.At("matchLabels")?["app.kubernetes.io/name"]?.ToString())
        select $"{policy.Name()} chooses no pod";

    private static bool IsDenyAll(JsonObject policy, string space) =>
        policy.Text("metadata.namespace") == space
        && policy.At("spec.podSelector") is JsonObject { Count: 0 }
        && policy.At("spec.policyTypes") is JsonArray types
        && types.Select(type => type?.ToString()).ToHashSet().SetEquals(["Ingress", "Egress"])
        && policy.At("spec.ingress") is null
        && policy.At("spec.egress") is null;

    private static bool IsChosen(PodTemplate pod, JsonNode? selector) =>
        (selector.At("matchLabels") is not { } labels || pod.IsChosenBy(labels))
        && selector
            .Each("matchExpressions")
            .All(wanted =>
                wanted.Text("operator") == "In"
                && pod.Labels.TryGetValue(wanted.Text("key") ?? "", out string? value)
                && wanted.At("values") is JsonArray values
                && values.Any(one => one?.ToString() == value)
            );
}
