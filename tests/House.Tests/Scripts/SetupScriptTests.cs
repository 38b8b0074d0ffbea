namespace FaceFusion.Batch.House.Tests.Scripts;

/// <summary>eng/setup.sh ends with one sentence that says what is missing and what to do.</summary>
public sealed class SetupScriptTests
{
    private const string Setup = "eng/setup.sh";
    private const string RightSdk = "case $1 in --version) echo 10.0.100;; --list-sdks) echo '10.0.100 [/sdk]';; esac";
    private const string RightTool = "echo \"${0##*/} version 5.1.9-0+deb12u1 Copyright\"";

    [Fact]
    public void Check_EverythingThere_SaysNothing()
    {
        using ScriptSandbox sandbox = new ScriptSandbox()
            .Fake("dotnet", RightSdk)
            .Fake("ffmpeg", RightTool)
            .Fake("ffprobe", RightTool);

        AssertSilent(sandbox);
    }

    [Theory]
    [InlineData("6.0")]
    [InlineData("n7.1.1")]
    [InlineData("N-118000-g1234567")]
    public void Check_NewerFfmpeg_IsAccepted(string version)
    {
        string tool = $"echo \"${{0##*/}} version {version} Copyright\"";
        using ScriptSandbox sandbox = new ScriptSandbox()
            .Fake("dotnet", RightSdk)
            .Fake("ffmpeg", tool)
            .Fake("ffprobe", tool);

        AssertSilent(sandbox);
    }

    [Fact]
    public void Check_NoDotnet_SaysSo()
    {
        using var sandbox = new ScriptSandbox("dotnet");

        AssertSentence(sandbox, "The .NET 10 SDK is needed and dotnet is not on the PATH");
    }

    [Fact]
    public void Check_OldSdk_NamesWhatIsThere()
    {
        using ScriptSandbox sandbox = new ScriptSandbox().Fake(
            "dotnet",
            "case $1 in --list-sdks) echo '8.0.100 [/sdk]';; *) exit 1;; esac"
        );

        AssertSentence(sandbox, "The .NET 10 SDK is needed and dotnet offers only: 8.0.100");
    }

    [Fact]
    public void Check_NoFfmpegAndNotRoot_SaysHowToInstallIt()
    {
        using ScriptSandbox sandbox = new ScriptSandbox()
            .Fake("dotnet", RightSdk)
            .Fake("apt-get", "exit 100")
            .Fake("id", "echo 1000");

        AssertSentence(
            sandbox,
            "ffmpeg 5.1 or newer is needed, and this user may not install it; run: sudo apt-get install ffmpeg"
        );
    }

    [Fact]
    public void Check_NoFfmpegAndNoPackageManager_SaysWhatToInstall()
    {
        using ScriptSandbox sandbox = new ScriptSandbox().Fake("dotnet", RightSdk);

        AssertSentence(sandbox, "there is no apt-get to install it with; install ffmpeg and run this again");
    }

    [Fact]
    public void Check_InstallFails_PointsToTheNetworkAndTheLog()
    {
        using ScriptSandbox sandbox = new ScriptSandbox()
            .Fake("dotnet", RightSdk)
            .Fake("apt-get", "exit 100")
            .Fake("id", "echo 0");

        AssertSentence(sandbox, "ffmpeg could not be installed; check the network");
    }

    [Fact]
    public void Check_OldFfmpeg_NamesItsVersion()
    {
        using ScriptSandbox sandbox = new ScriptSandbox()
            .Fake("dotnet", RightSdk)
            .Fake("ffmpeg", "echo 'ffmpeg version 4.4.2-0ubuntu0.22.04.1 Copyright'")
            .Fake("ffprobe", RightTool);

        AssertSentence(
            sandbox,
            "ffmpeg is too old: ffmpeg version 4.4.2-0ubuntu0.22.04.1; version 5.1 or newer is needed."
        );
    }

    [Fact]
    public void Check_NoPrlimit_IsInstalledWithItsPackage()
    {
        using ScriptSandbox sandbox = new ScriptSandbox("prlimit")
            .Fake("dotnet", RightSdk)
            .Fake("id", "echo 1000")
            .Fake("apt-get", "exit 1");

        AssertSentence(
            sandbox,
            "prlimit is needed, and this user may not install it; run: sudo apt-get install util-linux"
        );
    }

    private static void AssertSilent(ScriptSandbox sandbox)
    {
        (int code, string output, string error) = sandbox.Run(Setup, ["check"]);
        Assert.Equal((0, "", ""), (code, output, error));
    }

    /// <summary>The last line is the sentence; before it there may be lines that say what is being done.</summary>
    private static void AssertSentence(ScriptSandbox sandbox, string sentence)
    {
        (int code, _, string error) = sandbox.Run(Setup, ["check"]);
        Assert.Equal(1, code);
        Assert.Contains(sentence, error.TrimEnd().Split('\n')[^1]);
        Assert.All(error.TrimEnd().Split('\n'), line => Assert.StartsWith("ffb: ", line));
    }
}
