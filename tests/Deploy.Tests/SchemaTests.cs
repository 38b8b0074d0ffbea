namespace FaceFusion.Batch.Deploy.Tests;

/// <summary>eng/kube.sh: the schemas of Kubernetes and of the operators.</summary>
public sealed class SchemaTests
{
    private static readonly string Script = Tree.PathOf("eng", "kube.sh");

    [Fact]
    public void Overlays_AllOfThem_AreValid()
    {
        (int code, string said, string error) = Tree.Run(Script);

        Assert.True(code == 0, said + error);
        Assert.All(Tree.Overlays, overlay => Assert.Matches($@"(?m)^{overlay}: \d\d objects are valid$", said));
    }

    [Theory]
    [InlineData(
        "cooldownPeriod: 600",
        "cooldownPeriod: soon",
        "ScaledObject ffb-worker: data/spec/cooldownPeriod must be integer"
    )]
    [InlineData("minReplicaCount", "minReplicas", "ScaledObject ffb-worker: .*'\"minReplicas\"' does not exist")]
    [InlineData(
        "terminationGracePeriodSeconds",
        "terminationGraceSeconds",
        "Deployment ffb-worker: .*'\"terminationGraceSeconds\"' does not exist"
    )]
    [InlineData("storage: 10Gi", "store: 10Gi", "RabbitmqCluster ffb-rabbitmq: .*\"store\"")]
    [InlineData("authType: WorkloadIdentity", "authType: Guess", "SecretStore ffb: ")]
    [InlineData("kind: NetworkPolicy", "kind: NetworkPolice", "NetworkPolice default-deny: there is no such kind")]
    public void Manifest_WithAFault_IsNamed(string right, string wrong, string expected)
    {
        (_, string text, _) = Tree.Run(Script, "render", "azure");
        Assert.Contains(right, text);
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, text.Replace(right, wrong));

            (int code, string said, string error) = Tree.Run(Script, file);

            Assert.True(code == 1, said + error);
            Assert.Matches(expected, said);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
