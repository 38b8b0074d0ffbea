using FaceFusion.Batch.Deploy.Tests.Manifests;

namespace FaceFusion.Batch.Deploy.Tests.Rules;

/// <summary>What must hold for every overlay.</summary>
/// <param name="Name">What a failure is called.</param>
/// <param name="Find">Where it does not hold: the object, and what is wrong with it.</param>
internal sealed record Rule(string Name, Func<Manifest, IEnumerable<string>> Find)
{
    public static IReadOnlyList<Rule> All { get; } =
    [
        new("image-pinned", PodRules.FindLooseImages),
        new("not-root", PodRules.FindRoot),
        new("confined", PodRules.FindUnconfined),
        new("read-only-root", PodRules.FindWritableRoot),
        new("limits", PodRules.FindUnlimited),
        new("probes", PodRules.FindUnprobed),
        new("no-token", PodRules.FindTokens),
        new("spread", PodRules.FindUnspread),
        new("no-plain-secret", SecretRules.FindPlain),
        new("default-deny", NetworkRules.FindOpen),
        new("policy-chooses-pods", NetworkRules.FindIdlePolicies),
        new("references", ReferenceRules.FindDangling),
        new("disruption-budget", ReferenceRules.FindUnbudgeted),
        new("grace-chain", GraceRules.FindShort),
        new("trigger-metadata", TriggerRules.FindUnknown),
        new("scale-to-zero", ScalingRules.FindUnfit),
    ];

    /// <summary>The faults of all rules, each with its rule's name.</summary>
    public static IEnumerable<string> FindAll(Manifest manifest) =>
        All.SelectMany(rule => rule.Find(manifest).Select(fault => $"{rule.Name}: {fault}"));
}
