using System.Text.Json.Nodes;

namespace FaceFusion.Batch.Deploy.Tests.Manifests;

/// <summary>The pods that a Deployment or StatefulSet makes.</summary>
internal sealed record PodTemplate(Manifest Manifest, JsonObject Owner)
{
    public string Name => $"{Owner.Kind()} {Owner.Name()}";

    public JsonObject Template => (JsonObject)Owner.At("spec.template")!;

    public JsonObject Spec => (JsonObject)Template.At("spec")!;

    public IEnumerable<JsonObject> Containers => Spec.Each("initContainers").Concat(LongRunning);

    /// <summary>Those that run as long as the pod does.</summary>
    public IEnumerable<JsonObject> LongRunning => Spec.Each("containers");

    public IReadOnlyDictionary<string, string> Labels =>
        Template.Pairs("metadata.labels").ToDictionary(pair => pair.Key, pair => pair.Value);

    /// <summary>Which of our processes it runs, by its image: <c>coordinator</c>, <c>worker</c>, or null for a server.</summary>
    public string? Process =>
        LongRunning
            .Select(container => container.Text("image")?.Split('/')[^1].Split(':')[0])
            .Select(image =>
                image == "ffb-coordinator" ? "coordinator"
                : image is "ffb-worker-cpu" or "ffb-worker-cuda" ? "worker"
                : null
            )
            .FirstOrDefault(process => process is not null);

    /// <summary>
    /// The variables of its containers that the manifest gives a value, or says where it comes from (then the value is empty). What a
    /// whole Secret holds is not among them.
    /// </summary>
    public IReadOnlyDictionary<string, string> Variables()
    {
        Dictionary<string, string> variables = [];
        foreach (JsonObject container in LongRunning)
        {
            foreach (string? map in container.Each("envFrom").Select(from => from.Text("configMapRef.name")))
            {
                foreach ((string name, string value) in Manifest.Find("ConfigMap", map).Pairs("data"))
                {
                    variables[name] = value;
                }
            }

            foreach (JsonObject variable in container.Each("env"))
            {
                variables[variable.Text("name") ?? ""] = variable.Text("value") ?? "";
            }
        }

        return variables;
    }

    /// <summary>The Secrets whose every key is a variable.</summary>
    public IEnumerable<string> WholeSecrets =>
        LongRunning
            .SelectMany(container => container.Each("envFrom"))
            .Select(from => from.Text("secretRef.name"))
            .OfType<string>();

    public bool IsChosenBy(JsonNode? matchLabels) =>
        matchLabels is JsonObject labels
        && labels.All(label => Labels.TryGetValue(label.Key, out string? value) && value == label.Value?.ToString());
}
