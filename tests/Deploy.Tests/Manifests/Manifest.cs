using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace FaceFusion.Batch.Deploy.Tests.Manifests;

/// <summary>What `kubectl apply -k` of an overlay would send.</summary>
internal sealed record Manifest(IReadOnlyList<JsonObject> Objects)
{
    private static readonly string[] Workloads = ["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"];

    // Rendered once for all tests; each reads objects of its own out of it.
    private static readonly ConcurrentDictionary<string, string> Texts = new();

    /// <exception cref="InvalidOperationException">It cannot be rendered; the message says why.</exception>
    public static Manifest Render(string overlay) => new(YamlReader.Read(Texts.GetOrAdd(overlay, RenderText)));

    private static string RenderText(string overlay)
    {
        (int code, string text, string error) = Tree.Run(Tree.PathOf("eng", "kube.sh"), "render", overlay);
        return code == 0
            ? text
            : throw new InvalidOperationException($"The overlay {overlay} cannot be rendered: {error}");
    }

    /// <summary>One template for each Deployment and StatefulSet.</summary>
    public IEnumerable<PodTemplate> Pods =>
        Objects.Where(one => Workloads.Contains(one.Kind())).Select(one => new PodTemplate(this, one));

    public IEnumerable<JsonObject> OfKind(string kind) => Objects.Where(one => one.Kind() == kind);

    public JsonObject? Find(string kind, string? name) => OfKind(kind).FirstOrDefault(one => one.Name() == name);
}
