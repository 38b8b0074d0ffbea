using System.Text.Json.Nodes;
using FaceFusion.Batch.Deploy.Tests.Manifests;

namespace FaceFusion.Batch.Deploy.Tests.Variables;

/// <summary>What the manifests set is what the processes read, and the other way round.</summary>
public sealed class VariableTests
{
    /// <summary>Options that no overlay sets, each with its reason.</summary>
    private static readonly Dictionary<string, string> LeftOut = new()
    {
        ["FFB_OTLP"] = "a cluster's collector is its own",
        ["FFB_USAGE"] = "what results are for is declared by whoever runs the fleet, and by nobody for them",
        ["FFB_WEBHOOK_NETWORKS"] = "to open inner networks to webhooks is a decision, and the default is none",
        ["FFB_BATCH"] = "measured by each worker at its start",
    };

    public static TheoryData<string> Overlays { get; } = [.. Tree.Overlays];

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Variables_OfAnOverlay_AreReadByItsProcesses(string overlay)
    {
        Manifest manifest = Manifest.Render(overlay);
        foreach (PodTemplate pod in manifest.Pods.Where(pod => pod.Process is not null))
        {
            // Beside the options of its command, a process may read variables that other rooms declare: models and caches.
            IEnumerable<string> strange = Ours(manifest, overlay, pod)
                .Except(Declarations.OfOptions(pod.Process!))
                .Where(name => !Declarations.All.Contains(name) || IsOptionOfOther(pod.Process!, name));

            Assert.Empty(strange.Select(name => $"{pod.Name}: {name}"));
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Options_OfTheProcesses_AreSetOrLeftOnPurpose(string overlay)
    {
        Manifest manifest = Manifest.Render(overlay);
        foreach (PodTemplate pod in manifest.Pods.Where(pod => pod.Process is not null))
        {
            IEnumerable<string> unset = Declarations
                .OfOptions(pod.Process!)
                .Except(Ours(manifest, overlay, pod))
                .Except(LeftOut.Keys);

            Assert.Empty(unset.Select(name => $"{pod.Name}: {name}"));
        }
    }

    [Fact]
    public void LeftOut_AreOptions_AndSetNowhere()
    {
        IEnumerable<string> options = new[] { "coordinator", "worker" }.SelectMany(Declarations.OfOptions);
        IEnumerable<string> set = Tree.Overlays.SelectMany(overlay =>
        {
            Manifest manifest = Manifest.Render(overlay);
            return manifest.Pods.SelectMany(pod => Ours(manifest, overlay, pod));
        });

        Assert.Empty(LeftOut.Keys.Except(options));
        Assert.Empty(LeftOut.Keys.Intersect(set));
    }

    [Fact]
    public void OfOptions_AreThoseOfTheCommandLine()
    {
        Assert.Superset(
            new HashSet<string>(["FFB_POSTGRES", "FFB_ROLES", "FFB_USAGE"]),
            Declarations.OfOptions("coordinator").ToHashSet()
        );
        Assert.Superset(
            new HashSet<string>(["FFB_BLOB_ORIGIN", "FFB_DEVICE"]),
            Declarations.OfOptions("worker").ToHashSet()
        );
        Assert.DoesNotContain("FFB_POSTGRES", Declarations.OfOptions("worker"));
    }

    private static bool IsOptionOfOther(string process, string name) =>
        Declarations.OfOptions(process == "worker" ? "coordinator" : "worker").Contains(name);

    private static IEnumerable<string> Ours(Manifest manifest, string overlay, PodTemplate pod) =>
        pod.Variables()
            .Keys.Concat(pod.WholeSecrets.SelectMany(secret => KeysOf(manifest, overlay, secret)))
            .Where(name => name.StartsWith("FFB_", StringComparison.Ordinal))
            .Distinct();

    /// <summary>Of a Secret that an operator or the overlay's own script makes.</summary>
    private static IEnumerable<string> KeysOf(Manifest manifest, string overlay, string secret)
    {
        List<string> outside =
        [
            .. manifest
                .OfKind("ExternalSecret")
                .Where(one => one.Text("spec.target.name") == secret)
                .SelectMany(one => one.Each("spec.data"))
                .Select(one => one.Text("secretKey") ?? ""),
        ];
        if (outside.Count > 0)
        {
            return outside;
        }

        (int code, string text, string error) = Tree.Run(
            Tree.PathOf("deploy", "k8s", "overlays", "local", "secrets.sh")
        );
        Assert.True(code == 0, error);
        JsonObject? made = new Manifest(YamlReader.Read(text)).Find("Secret", secret);
        Assert.True(made is not null, $"{overlay} needs the Secret {secret}, and nothing makes it.");
        return made.Pairs("stringData").Select(pair => pair.Key);
    }
}
