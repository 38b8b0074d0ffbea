namespace FaceFusion.Batch.House.Tests.Scripts;

/// <summary>eng/kube.sh says in one sentence what it lacks.</summary>
public sealed class KubeScriptTests
{
    [Fact]
    public void Render_OldKubectl_SaysWhichIsNeeded()
    {
        using ScriptSandbox sandbox = new ScriptSandbox().Fake("kubectl", "echo 'Client Version: v1.20.2'");

        AssertSentence(sandbox, "kubectl is too old: its kustomize must be 5.0 or newer (kubectl 1.27)");
    }

    [Fact]
    public void Render_NoKubectlAndNotRoot_SaysHowToInstallIt()
    {
        using ScriptSandbox sandbox = new ScriptSandbox().Fake("apt-get", "exit 100").Fake("id", "echo 1000");

        AssertSentence(sandbox, "kubectl is needed, and this user may not install it; run: sudo apt-get install");
    }

    private static void AssertSentence(ScriptSandbox sandbox, string sentence)
    {
        (int code, string said, string error) = sandbox.Run("eng/kube.sh", ["render", "local"]);

        Assert.Equal(1, code);
        Assert.Equal("", said);
        Assert.StartsWith($"ffb: {sentence}", error);
    }
}
