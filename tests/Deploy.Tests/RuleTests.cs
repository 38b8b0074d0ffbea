using System.Text.Json.Nodes;
using FaceFusion.Batch.Deploy.Tests.Manifests;
using FaceFusion.Batch.Deploy.Tests.Rules;

namespace FaceFusion.Batch.Deploy.Tests;

/// <summary>Each rule finds what breaks it, and no other rule does.</summary>
public sealed class RuleTests
{
    private const string Api = "Deployment ffb-coordinator-api";
    private const string Worker = "Deployment ffb-worker";
    private const string Pod = "spec.template.spec";
    private const string Container = Pod + ".containers.0";
    private const string Trigger = "spec.triggers.0.metadata";

    /// <summary>The rule, the overlay, and the changes: an object, a path in it, and a value as JSON (empty: taken away).</summary>
    public static TheoryData<string, string, string, string, string> Faults { get; } =
        new()
        {
            { "image-pinned", "local", Api, $"{Container}.image", "\"ffb-coordinator:latest\"" },
            { "image-pinned", "local", Api, $"{Container}.image", "\"ffb-coordinator\"" },
            { "image-pinned", "local", "StatefulSet ffb-postgres", $"{Container}.image", "\"registry:5000/postgres\"" },
            { "image-pinned", "azure", "RabbitmqCluster ffb-rabbitmq", "spec.image", "" },
            { "not-root", "local", Worker, $"{Pod}.securityContext.runAsNonRoot", "false" },
            { "not-root", "local", Worker, $"{Pod}.securityContext.runAsUser", "0" },
            { "not-root", "local", Worker, $"{Pod}.securityContext.runAsUser", "1000" },
            { "not-root", "local", Api, $"{Container}.securityContext.runAsUser", "0" },
            { "confined", "local", Api, $"{Pod}.securityContext.seccompProfile", "" },
            { "confined", "local", Api, $"{Pod}.hostNetwork", "true" },
            { "confined", "local", Api, $"{Container}.securityContext.allowPrivilegeEscalation", "true" },
            { "confined", "local", Api, $"{Container}.securityContext.capabilities.add", "[\"NET_ADMIN\"]" },
            { "confined", "local", Api, $"{Container}.securityContext.capabilities.drop", "[]" },
            { "read-only-root", "local", Api, $"{Container}.securityContext.readOnlyRootFilesystem", "" },
            { "read-only-root", "local", Worker, $"{Container}.volumeMounts.0.mountPath", "\"/elsewhere\"" },
            { "limits", "local", Worker, $"{Container}.resources.limits.memory", "" },
            { "limits", "local", Worker, $"{Container}.resources.requests.cpu", "" },
            { "limits", "local", Worker, $"{Pod}.volumes.0.emptyDir.sizeLimit", "" },
            { "limits", "azure", "RabbitmqCluster ffb-rabbitmq", "spec.resources", "" },
            { "probes", "local", "Deployment ffb-coordinator-media", $"{Container}.livenessProbe", "" },
            { "probes", "local", "StatefulSet ffb-azurite", $"{Container}.readinessProbe", "" },
            { "no-token", "local", Worker, $"{Pod}.automountServiceAccountToken", "" },
            { "no-token", "local", "ServiceAccount ffb-worker", "automountServiceAccountToken", "true" },
            { "spread", "local", Api, $"{Pod}.topologySpreadConstraints", "" },
            {
                "spread",
                "local",
                Worker,
                $"{Pod}.topologySpreadConstraints.0.labelSelector.matchLabels",
                "{\"a\":\"b\"}"
            },
            {
                "no-plain-secret",
                "local",
                Worker,
                $"{Container}.env.0",
                "{\"name\":\"FFB_RABBITMQ\",\"value\":\"amqp://broker\"}"
            },
            { "no-plain-secret", "local", Api, $"{Container}.args", "[\"--rabbitmq\",\"amqp://ffb:ffb@broker/\"]" },
            { "no-plain-secret", "local", "Service ffb-postgres", "kind", "\"Secret\"" },
            { "default-deny", "local", "NetworkPolicy default-deny", "spec.policyTypes", "[\"Ingress\"]" },
            { "default-deny", "local", "NetworkPolicy default-deny", "spec.egress", "[{}]" },
            { "policy-chooses-pods", "local", "NetworkPolicy api", "spec.podSelector.matchLabels", "{\"app\":\"x\"}" },
            { "references", "local", Worker, $"{Container}.envFrom.2", "{\"configMapRef\":{\"name\":\"old\"}}" },
            { "references", "local", Worker, $"{Pod}.serviceAccountName", "\"ffb-nobody\"" },
            { "references", "local", "Service ffb-api", "spec.selector", "{\"app\":\"x\"}" },
            { "references", "local", Worker, $"{Container}.livenessProbe.httpGet.port", "\"http\"" },
            { "disruption-budget", "local", Api, "spec.replicas", "1" },
            { "disruption-budget", "local", "PodDisruptionBudget ffb-coordinator-api", "spec.minAvailable", "2" },
            { "grace-chain", "local", Worker, $"{Pod}.terminationGracePeriodSeconds", "355" },
            { "grace-chain", "local", Api, $"{Container}.lifecycle.preStop.sleep.seconds", "20" },
            { "grace-chain", "local", Worker, "spec.template.metadata.annotations.ffb-worst-chunk-seconds", "\"330\"" },
            { "grace-chain", "gpu-spot", Worker, $"{Pod}.terminationGracePeriodSeconds", "47" },
            { "trigger-metadata", "local", "ScaledObject ffb-worker", $"{Trigger}.targetvalue", "\"120\"" },
            { "trigger-metadata", "local", "ScaledObject ffb-worker", $"{Trigger}.targetValue", "120" },
            { "trigger-metadata", "local", "ScaledObject ffb-worker", $"{Trigger}.authMode", "" },
            { "trigger-metadata", "local", "ScaledObject ffb-worker", $"{Trigger}.valueLocation", "\"owed\"" },
            {
                "trigger-metadata",
                "gpu-spot",
                "ScaledObject ffb-worker",
                $"{Trigger}.url",
                "\"http://ffb-api.ffb.svc:8080/v1/scaling?class=cpu\""
            },
            {
                "trigger-metadata",
                "local",
                "TriggerAuthentication ffb-scaler",
                "spec.secretTargetRef.0.parameter",
                "\"key\""
            },
            { "trigger-metadata", "local-by-messages", "ScaledObject ffb-worker", $"{Trigger}.protocol", "\"amqp\"" },
            {
                "trigger-metadata",
                "local-by-messages",
                "ScaledObject ffb-worker",
                $"{Trigger}.queueName",
                "\"chunks\""
            },
            { "scale-to-zero", "local", "ScaledObject ffb-worker", "spec.minReplicaCount", "1" },
            { "scale-to-zero", "local", "ScaledObject ffb-worker", "spec.cooldownPeriod", "" },
            { "scale-to-zero", "local", Worker, "spec.replicas", "3" },
            {
                "scale-to-zero",
                "local",
                "ScaledObject ffb-worker",
                "spec.advanced.horizontalPodAutoscalerConfig.behavior.scaleDown.policies.0.value",
                "5"
            },
        };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Rule_OfABrokenManifest_IsTheOneThatFails(
        string rule,
        string overlay,
        string of,
        string path,
        string value
    )
    {
        Manifest manifest = Manifest.Render(overlay);

        Set(manifest, of, path, value);

        IEnumerable<string> failed = Rule.FindAll(manifest).Select(fault => fault.Split(':')[0]).Distinct();
        Assert.Equal([rule], failed);
    }

    [Fact]
    public void Faults_OfEveryRule_AreTried() =>
        Assert.Equal(
            Rule.All.Select(rule => rule.Name).Order(),
            Faults.Select(fault => fault.Data.Item1).Distinct().Order()
        );

    private static void Set(Manifest manifest, string of, string path, string value)
    {
        JsonNode node = manifest.Objects.Single(one => $"{one.Kind()} {one.Name()}" == of);
        string[] steps = path.Split('.');
        foreach (string step in steps[..^1])
        {
            node = int.TryParse(step, out int index) ? node[index]! : node[step]!;
        }

        JsonNode? set = value.Length > 0 ? JsonNode.Parse(value) : null;
        if (node is JsonArray list)
        {
            list[int.Parse(steps[^1])] = set;
        }
        else if (set is null)
        {
            Assert.True(((JsonObject)node).Remove(steps[^1]), $"There is no {path} to take away.");
        }
        else
        {
            node[steps[^1]] = set;
        }
    }
}
