using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FaceFusion.Batch.Deploy.Tests.Manifests;

namespace FaceFusion.Batch.Deploy.Tests.Rules;

/// <summary>
/// What KEDA reads of a trigger's metadata, by the documentation of its scalers, 2.18. Its schema lets any name pass there, and a misspelt
/// one is ignored.
/// </summary>
internal static partial class TriggerRules
{
    private static readonly Dictionary<string, TriggerKind> Kinds = new()
    {
        ["metrics-api"] = new(
            Required: ["url", "valueLocation", "targetValue", "authMode"],
            Optional:
            [
                "activationTargetValue",
                "format",
                "aggregateFromKubeServiceEndpoints",
                "aggregationType",
                "unsafeSsl",
            ],
            Secret: "token",
            Fixed: new() { ["authMode"] = "bearer", ["valueLocation"] = "owedSeconds" },
            Target: "targetValue"
        ),
        ["rabbitmq"] = new(
            Required: ["protocol", "mode", "value", "queueName"],
            Optional: ["activationValue", "excludeUnacknowledged", "vhostName", "timeout", "unsafeSsl"],
            Secret: "host",
            // By amqp, or without unacknowledged messages, a busy worker does not count.
            Fixed: new()
            {
                ["protocol"] = "http",
                ["mode"] = "QueueLength",
                ["excludeUnacknowledged"] = "false",
            },
            Target: "value"
        ),
    };

    /// <summary>The queues that workers hear: the bus names each by its consumer.</summary>
    public static IReadOnlySet<string> Queues { get; } =
        Directory
            .EnumerateFiles(Tree.PathOf("src", "Worker", "Consumers"), "*Consumer.cs")
            .Select(file => Path.GetFileName(file)[..^"Consumer.cs".Length])
            .Select(name => WordStart().Replace(name, "-$0").ToLowerInvariant())
            .ToHashSet();

    public static IEnumerable<string> FindUnknown(Manifest manifest) =>
        from scaled in manifest.OfKind("ScaledObject")
        from trigger in scaled.Each("spec.triggers")
        from fault in FindFaults(manifest, trigger)
        select $"{scaled.Name()}, {trigger.Text("type")}: {fault}";

    private static IEnumerable<string> FindFaults(Manifest manifest, JsonObject trigger)
    {
        if (!Kinds.TryGetValue(trigger.Text("type") ?? "", out TriggerKind? kind))
        {
            yield return "is no trigger that is known here";
            yield break;
        }

        Dictionary<string, string> metadata = trigger
            .Pairs("metadata")
            .ToDictionary(pair => pair.Key, pair => pair.Value);
        foreach (string key in metadata.Keys.Except(kind.Required).Except(kind.Optional))
        {
            yield return $"{key} is read by nobody";
        }

        foreach (string key in kind.Required.Except(metadata.Keys))
        {
            yield return $"{key} is missing";
        }

        foreach ((string key, string value) in kind.Fixed)
        {
            if (metadata.TryGetValue(key, out string? written) && written != value)
            {
                yield return $"{key} is {written} and not {value}";
            }
        }

        if (
            !double.TryParse(metadata.GetValueOrDefault(kind.Target), CultureInfo.InvariantCulture, out double target)
            || target <= 0
        )
        {
            yield return $"{kind.Target} is no number above 0";
        }

        if (
            trigger.At("metadata") is JsonObject map
            && map.Any(pair => pair.Value?.GetValueKind() != System.Text.Json.JsonValueKind.String)
        )
        {
            yield return "KEDA takes text alone";
        }

        if (metadata.TryGetValue("queueName", out string? queue) && !Queues.Contains(queue))
        {
            yield return $"no worker hears {queue}";
        }

        if (metadata.TryGetValue("url", out string? url) && !LeadsToApi(manifest, url))
        {
            yield return $"{url} is not where the API is";
        }

        JsonObject? secret = manifest.Find("TriggerAuthentication", trigger.Text("authenticationRef.name"));
        if (!secret.Each("spec.secretTargetRef").Any(one => one.Text("parameter") == kind.Secret))
        {
            yield return $"its TriggerAuthentication gives no {kind.Secret}";
        }
    }

    /// <summary>A Service of this manifest, and its port.</summary>
    private static bool LeadsToApi(Manifest manifest, string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? address) || address.AbsolutePath != "/v1/scaling")
        {
            return false;
        }

        string[] host = address.Host.Split('.');
        return host is [_, _, "svc"]
            && manifest.Find("Service", host[0]) is { } service
            && service.Text("metadata.namespace") == host[1]
            && service.Each("spec.ports").Any(port => port.Number("port") == address.Port)
            && address.Query.Length == 0;
    }

    [GeneratedRegex("(?<=[a-z])[A-Z]")]
    private static partial Regex WordStart();

    private sealed record TriggerKind(
        string[] Required,
        string[] Optional,
        string Secret,
        Dictionary<string, string> Fixed,
        string Target
    );
}
