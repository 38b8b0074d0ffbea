using System.Text.Json;
using Xunit;

namespace FaceFusion.Batch.Cli.Tests.Commands;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("")]
    [InlineData("fues")]
    [InlineData("fuse")]
    [InlineData("fuse --source a.jpg --target b.mp4")]
    [InlineData("fuse --source a.jpg --target b.mp4 --output c.mp4 --workers 0")]
    [InlineData("fuse --source a.jpg --target b.mp4 --output c.mp4 --workers many")]
    [InlineData("fuse --source a.jpg --target b.mp4 --output c.mp4 --chunk-frames 7")]
    [InlineData("fuse --source a.jpg --target b.mp4 --output c.mp4 --crf 64")]
    [InlineData("fuse --source a.jpg --target b.mp4 --output c.mp4 --faces some")]
    [InlineData("fuse --source a.jpg --target b.mp4 --output c.mp4 --encoder h264_qsv")]
    [InlineData("fuse --source a.jpg --target b.mp4 --output c.mp4 --nonsense")]
    [InlineData("fuse --source a.jpg --map 1=b.jpg --target b.mp4 --output c.mp4")]
    [InlineData("fuse --map 1 --target b.mp4 --output c.mp4")]
    [InlineData("fuse --map 0=a.jpg --target b.mp4 --output c.mp4")]
    [InlineData("fuse --target b.mp4 --output c.mp4")]
    [InlineData("redact --target b.mp4 --output c.mp4 --style smear")]
    [InlineData("redact --target b.mp4 --output c.mp4 --cover-gaps 121")]
    [InlineData("scan")]
    [InlineData("doctor --output-format xml")]
    [InlineData("doctor --device gpu")]
    [InlineData("scan --target x.mp4 --device cuda:x")]
    [InlineData("bench --sizes 4k")]
    [InlineData("bench --networks large")]
    [InlineData("bench --batch 65")]
    public async Task RunAsync_WrongUsage_SaysSoInOneLine(string arguments)
    {
        (ExitCode exit, string output, string error) = await RunAsync(arguments);

        Assert.Equal(ExitCode.Precheck, exit);
        Assert.Empty(output);
        string line = Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Matches(@"^ffb: .+[.?`]? ?\((usage|recipe-value|source-not-given)\)$", line);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("fuse --help")]
    [InlineData("redact --help")]
    [InlineData("scan --help")]
    [InlineData("probe --help")]
    [InlineData("doctor --help")]
    [InlineData("demo --help")]
    [InlineData("bench --help")]
    [InlineData("simulate --help")]
    [InlineData("submit --help")]
    [InlineData("jobs --help")]
    [InlineData("jobs watch --help")]
    [InlineData("chunks list --help")]
    [InlineData("keys create --help")]
    [InlineData("jobs download --help")]
    [InlineData("workers drain --help")]
    [InlineData("models verify --help")]
    [InlineData("models check --help")]
    [InlineData("completion --help")]
    public async Task RunAsync_Help_EndsWithExamples(string arguments)
    {
        (ExitCode exit, string output, string error) = await RunAsync(arguments);

        Assert.Equal(ExitCode.Ok, exit);
        Assert.Empty(error);
        Assert.Contains("Examples:", output, StringComparison.Ordinal);
        Assert.Contains(
            "ffb ",
            output[output.IndexOf("Examples:", StringComparison.Ordinal)..],
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task RunAsync_HelpExitCodes_PrintsTheTable()
    {
        (ExitCode exit, string output, _) = await RunAsync("help exit-codes");

        Assert.Equal(ExitCode.Ok, exit);
        Assert.All(
            ExitCodes.Table,
            row => Assert.Contains($"{(int)row.Code, 4}  {row.Name}", output, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task RunAsync_HelpExitCodesAsJson_IsOneDocument()
    {
        (_, string output, _) = await RunAsync("help exit-codes --output-format json");

        using JsonDocument document = JsonDocument.Parse(output);
        Assert.Equal(1, document.RootElement.GetProperty("schemaVersion").GetInt32());
        Assert.Equal(ExitCodes.Table.Count, document.RootElement.GetProperty("exitCodes").GetArrayLength());
    }

    [Fact]
    public async Task RunAsync_FailureAsJson_IsADocumentAndALine()
    {
        (ExitCode exit, string output, string error) = await RunAsync(
            "probe --target nowhere.mp4 --output-format json"
        );

        Assert.Equal(ExitCode.NotFound, exit);
        using JsonDocument document = JsonDocument.Parse(output);
        JsonElement failure = document.RootElement.GetProperty("error");
        Assert.Equal("failed", document.RootElement.GetProperty("state").GetString());
        Assert.Equal("video-missing", failure.GetProperty("code").GetString());
        Assert.Equal(6, failure.GetProperty("exitCode").GetInt32());
        Assert.EndsWith("(video-missing)", error.Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_Doctor_FindsEverythingOnAWorkingMachine()
    {
        (ExitCode exit, string output, _) = await RunAsync("doctor --output-format json");

        Assert.Equal(ExitCode.Ok, exit);
        using JsonDocument document = JsonDocument.Parse(output);
        Assert.True(document.RootElement.GetProperty("healthy").GetBoolean());
        string[] subjects =
        [
            .. document
                .RootElement.GetProperty("findings")
                .EnumerateArray()
                .Select(f => f.GetProperty("subject").GetString()!),
        ];
        Assert.Contains("ffmpeg", subjects);
        Assert.Contains("onnx runtime", subjects);
        Assert.Contains("models", subjects);
        Assert.Contains("disk", subjects);
    }

    private static async Task<(ExitCode Exit, string Output, string Error)> RunAsync(string arguments)
    {
        StringWriter output = new() { NewLine = "\n" };
        StringWriter error = new() { NewLine = "\n" };
        ExitCode exit = await CommandLine.RunAsync(
            arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            output,
            error
        );
        return (exit, output.ToString(), error.ToString());
    }
}
