using System.Diagnostics;
using FaceFusion.Batch.Cli.Commands.Completion;
using FaceFusion.Batch.Cli.Tests.Support;
using Xunit;

namespace FaceFusion.Batch.Cli.Tests.Commands;

public sealed class CompleteCommandTests
{
    [Theory]
    [InlineData("jo", "jobs")]
    [InlineData("jobs wa", "watch")]
    [InlineData("jobs atch", "")]
    [InlineData("jobs list --st", "--state")]
    [InlineData("jobs list --state ca", "cancelled")]
    [InlineData("keys create --scope ", "admin jobs:read jobs:write webhooks workers")]
    [InlineData("completion ", "bash fish pwsh zsh")]
    [InlineData("worker --device ", "auto coreml cpu cuda directml openvino tensorrt")]
    [InlineData("scale --co", "--cooldown")]
    [InlineData("scale --max 2 -- --sl", "--slots")]
    [InlineData("scale -- --device cu", "cuda")]
    [InlineData("fuse --device cu", "cuda")]
    [InlineData("fuse --mask ", "area box occlusion region")]
    [InlineData("fuse --model ghost_", "ghost_1_256 ghost_2_256 ghost_3_256")]
    [InlineData("submit --enhance cod", "codeformer")]
    [InlineData("batch submit --detector ", "many retinaface scrfd yolo_face yunet")]
    [InlineData("models pu", "pull push")]
    [InlineData("submit --source ", "")]
    [InlineData("submit --target cl", "")]
    public void Find_Words_AreWhatTheyMayBecome(string typed, string expected) =>
        Assert.Equal(expected, string.Join(' ', CompleteCommand.Find(typed.Split(' '))));

    [Fact]
    public void Find_BehindAValue_AreTheOtherOptions() =>
        Assert.Contains("--target", CompleteCommand.Find(["submit", "--source", "a b.jpg", ""]));

    [Fact]
    public void Find_NothingTyped_AreTheCommandsThatAreMeantForPeople()
    {
        IReadOnlyList<string> found = CompleteCommand.Find([""]);

        Assert.Contains("submit", found);
        Assert.DoesNotContain("complete", found);
        Assert.All(found, word => Assert.True(char.IsAsciiLetterLower(word[0]), word));
    }

    /// <summary>The script in a real bash, as readline calls it.</summary>
    [Theory]
    [InlineData("ffb jobs wa", "[watch]")]
    [InlineData("ffb jobs list --state ca", "[cancelled]")]
    [InlineData("ffb scale -- --sl", "[--slots]")]
    [InlineData(
        "ffb jobs list --state ",
        "[cancelled][declined][failed][finalizing][paused][queued][running][succeeded][validating]"
    )]
    [InlineData("ffb submit --source cl", "")]
    public async Task Bash_Script_CompletesWhatIsTyped(string typed, string expected)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("ffb-cli-");
        string program = Path.Combine(folder.FullName, "ffb");
        string assembly = typeof(CommandLine).Assembly.Location;
        await File.WriteAllTextAsync(program, $"#!/bin/sh\nexec dotnet '{assembly}' \"$@\"\n", Stop);
        const string Call = """
            chmod +x "$1/ffb"; PATH=$1:$PATH
            eval "$(ffb completion bash)"
            [ "$(complete -p ffb)" = 'complete -o default -F _ffb ffb' ] || exit 9
            IFS=' ' read -r -a COMP_WORDS <<< "$2"
            [[ $2 != *' ' ]] || COMP_WORDS+=('')
            COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 ))
            _ffb ffb "${COMP_WORDS[COMP_CWORD]}"
            [ ${#COMPREPLY[@]} = 0 ] || printf '[%s]' "${COMPREPLY[@]}"
            """;
        ProcessStartInfo start = new("bash", ["--norc", "-c", Call, "bash", folder.FullName, typed])
        {
            RedirectStandardOutput = true,
        };

        using Process bash = Process.Start(start)!;
        string completed = await bash.StandardOutput.ReadToEndAsync(Stop);
        await bash.WaitForExitAsync(Stop);

        folder.Delete(recursive: true);
        Assert.Equal((0, expected), (bash.ExitCode, completed));
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    [InlineData("pwsh")]
    public async Task Completion_EachShell_AsksTheProgram(string shell) =>
        Assert.Contains(" complete ", (await Run.Async("completion", shell)).Output, StringComparison.Ordinal);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;
}
