using FaceFusion.Batch.House.Tests.Tree;

namespace FaceFusion.Batch.House.Tests.Scripts;

/// <summary>test.sh adds up what the test executables say, and trusts nothing that did not end well.</summary>
public sealed class TestScriptTests
{
    private const string Passing = "Total: 5, Errors: 0, Failed: 0, Skipped: 0, Not Run: 0, Time: 0.1s";

    [Fact]
    public void Run_AllPass_AddsUpAndSucceeds() =>
        Assert.Equal((0, "10 passed, 0 failed"), Run($"echo '{Passing}'", "First", "Second"));

    [Fact]
    public void Run_OneFails_CountsItAndFails() =>
        Assert.Equal(
            (1, "3 passed, 2 failed"),
            Run("echo 'Total: 5, Errors: 0, Failed: 2, Skipped: 0, Not Run: 0, Time: 0.1s'; exit 1", "First")
        );

    [Fact]
    public void Run_SkippedTest_CountsAsFailed() =>
        Assert.Equal(
            (1, "4 passed, 1 failed"),
            Run("echo 'Total: 5, Errors: 0, Failed: 0, Skipped: 1, Not Run: 0, Time: 0.1s'", "First")
        );

    /// <summary>A test of an accelerator says skipped where there is none; everything else that did not run has failed.</summary>
    [Theory]
    [InlineData("No device but the CPU can be used here.", 0, "4 passed, 0 failed")]
    [InlineData("There is no python3 here.", 1, "4 passed, 1 failed")]
    public void Run_SkippedTest_IsExcusedForWantOfADeviceOnly(string reason, int code, string last) =>
        Assert.Equal(
            (code, last),
            Run(
                $"""
                printf '    A.Test [SKIP]\n      {reason}\n'
                echo 'Total: 5, Errors: 0, Failed: 0, Skipped: 1, Not Run: 0, Time: 0.1s'
                """,
                "First"
            )
        );

    [Fact]
    public void Run_CrashWithoutSummary_CountsAsFailed() =>
        Assert.Equal((1, "0 passed, 1 failed"), Run("exit 134", "First"));

    /// <summary>The summary is fine but the process is not: it died on its way out.</summary>
    [Fact]
    public void Run_CrashAfterSummary_CountsAsFailed() =>
        Assert.Equal((1, "5 passed, 1 failed"), Run($"echo '{Passing}'; exit 139", "First"));

    [Fact]
    public void Run_UnknownProject_Fails() => Assert.Equal((1, "0 passed, 1 failed"), Run("exit 0", "Nonsense"));

    [Fact]
    public void Run_SetupFails_Fails() =>
        Assert.Equal((1, "0 passed, 1 failed"), Run($"echo '{Passing}'", ["First"], setup: "exit 1"));

    /// <summary>One class of one project, for as long as it is told.</summary>
    [Theory]
    [InlineData("fuzz", "60 1")]
    [InlineData("fuzz --seconds 7 --seed 9", "7 9")]
    public void Run_Fuzz_IsOneClassAndItsSettings(string arguments, string settings) =>
        Assert.Equal(
            (0, "5 passed, 0 failed"),
            Run(
                $$"""
                [ "$FFB_FUZZ_SECONDS ${FFB_FUZZ_SEED:-1}" = "{{settings}}" ] || exit 9
                [[ "$*" == *Faces.Tests.dll*"-class *.OnnxFuzzTests"* ]] && echo '{{Passing}}'
                """,
                arguments.Split(' ')
            )
        );

    [Fact]
    public void Run_FuzzWithOtherWords_Fails() =>
        Assert.Equal((1, "0 passed, 1 failed"), Run($"echo '{Passing}'", "fuzz", "--second", "7"));

    /// <summary>A machine without a container engine is excused; images that cannot be built or do not work are not.</summary>
    [Theory]
    [InlineData("exit 1", "exit 0", "exit 1", 0, "21 passed, 0 failed")]
    [InlineData("exit 0", "exit 0", "echo '4 passed, 0 failed'", 0, "25 passed, 0 failed")]
    [InlineData("exit 0", "exit 0", "echo '4 passed, 1 failed'; exit 1", 1, "25 passed, 1 failed")]
    [InlineData("exit 0", "exit 1", "echo '4 passed, 0 failed'", 1, "21 passed, 1 failed")]
    [InlineData("exit 0", "exit 0", "echo 'no server'; exit 1", 1, "21 passed, 1 failed")]
    public void Run_All_IsExcusedForWantOfAnEngineOnly(
        string engine,
        string build,
        string attempt,
        int code,
        string last
    ) =>
        Assert.Equal(
            (code, last),
            Run(
                $"echo '{Passing}'",
                ["all"],
                setup: "exit 0",
                ("eng/images.sh", engine),
                ("deploy/docker/build.sh", build),
                ("deploy/docker/try.sh", attempt)
            )
        );

    private static (int Code, string LastLine) Run(string executable, params string[] projects) =>
        Run(executable, projects, setup: "exit 0");

    private static (int Code, string LastLine) Run(
        string executable,
        string[] projects,
        string setup,
        params (string Path, string Text)[] scripts
    )
    {
        using ScriptSandbox sandbox = new ScriptSandbox()
            .Fake("dotnet", executable)
            .Fake("nice", "shift 2; exec \"$@\"");
        string tree = Path.Combine(sandbox.Folder, "tree");
        Directory.CreateDirectory(Path.Combine(tree, "tests", "First.Tests"));
        Directory.CreateDirectory(Path.Combine(tree, "tests", "Second.Tests"));
        Directory.CreateDirectory(Path.Combine(tree, "tests", "Faces.Tests"));
        Directory.CreateDirectory(Path.Combine(tree, "artifacts"));
        foreach ((string path, string text) in scripts.Append(("eng/setup.sh", setup)))
        {
            ScriptSandbox.Place(Path.Combine(tree, path), text);
        }

        File.Copy(Solution.PathOf("test.sh"), Path.Combine(tree, "test.sh"));
        (int code, string output, _) = sandbox.Run(Path.Combine(tree, "test.sh"), projects);
        return (code, output.TrimEnd().Split('\n')[^1]);
    }
}
