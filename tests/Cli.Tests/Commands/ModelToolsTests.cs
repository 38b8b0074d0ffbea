using System.Text.Json;
using FaceFusion.Batch.Cli.Tests.Support;
using FaceFusion.Batch.TestNetworks.Toolchain;
using Xunit;

namespace FaceFusion.Batch.Cli.Tests.Commands;

public sealed class ModelToolsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ffb-tools-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("optimize a.onnx")]
    [InlineData("fp16 a.onnx b.onnx --keep-io perhaps")]
    [InlineData("fp16 a.onnx b.onnx --gate 0")]
    [InlineData("quantize a.onnx b.onnx --percentile 40")]
    [InlineData("quantize a.onnx b.onnx --activations int4")]
    [InlineData("engine a.onnx --batch 0")]
    [InlineData("compare a.onnx")]
    public async Task Models_WrongUsage_SaysSo(string arguments)
    {
        Run run = await Run.Async(["models", .. arguments.Split(' ')]);

        Assert.Equal(ExitCode.Precheck, run.Exit);
        Assert.EndsWith("(usage)", run.Error.TrimEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("optimize")]
    [InlineData("fp16")]
    [InlineData("batch")]
    [InlineData("quantize")]
    public async Task Models_Tool_WritesWhatPassesTheComparison(string tool)
    {
        string from = Write("a.onnx", tool == "batch" ? FixedBatch.Network() : Wasteful.Network());
        string to = Path.Combine(_folder.FullName, "b.onnx");

        Run run = await Run.Async("models", tool, from, to, "--output-format", "json");

        Assert.Equal(ExitCode.Ok, run.Exit);
        Assert.Equal(tool, run.Json.GetProperty("tool").GetString());
        Assert.Equal(new FileInfo(to).Length, run.Json.GetProperty("bytesAfter").GetInt64());
        Assert.True(run.Json.GetProperty("parity").GetProperty("passed").GetBoolean());
        Assert.Contains(
            run.Json.GetProperty("parity").GetProperty("speeds").EnumerateArray(),
            row => row.GetProperty("provider").GetString() == "CPUExecutionProvider"
        );
        Assert.Equal(["a.onnx", "b.onnx"], _folder.GetFiles().Select(f => f.Name).Order());
    }

    [Fact]
    public async Task Models_ToolOverTheGate_WritesNothing()
    {
        string from = Write("a.onnx", Wasteful.Network());

        Run run = await Run.Async(
            "models",
            "quantize",
            from,
            Path.Combine(_folder.FullName, "b.onnx"),
            "--gate",
            "1e-6"
        );

        Assert.Equal(ExitCode.VerificationFailed, run.Exit);
        Assert.Contains("(parity-gate)", run.Error, StringComparison.Ordinal);
        Assert.Contains("noise", run.Error, StringComparison.Ordinal);
        Assert.Single(_folder.GetFiles());
    }

    [Fact]
    public async Task Compare_DifferentModels_EndsWithANumberForScripts()
    {
        string a = Write("a.onnx", Wasteful.Network());
        string b = Path.Combine(_folder.FullName, "b.onnx");
        _ = await Run.Async("models", "fp16", a, b);

        Run strict = await Run.Async("models", "compare", a, b);
        Run wide = await Run.Async("models", "compare", a, b, "--gate", "0.02", "--output-format", "json");

        Assert.Equal(ExitCode.VerificationFailed, strict.Exit);
        Assert.Contains("over the gate", strict.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, wide.Exit);
        JsonElement output = Assert.Single(wide.Json.GetProperty("outputs").EnumerateArray());
        Assert.InRange(output.GetProperty("relativeL2").GetDouble(), 1e-5, 1e-2);
    }

    [Fact]
    public async Task Engine_NoTensorRt_SaysWhatIsMissing()
    {
        Run run = await Run.Async("models", "engine", Write("a.onnx", Wasteful.Network()));

        Assert.Equal(ExitCode.Precheck, run.Exit);
        Assert.Contains("(provider-missing)", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no-such-folder", "images-missing")]
    [InlineData("", "images-missing")]
    public async Task Images_NonePresent_IsRefused(string folder, string code)
    {
        string a = Write("a.onnx", Wasteful.Network());

        Run run = await Run.Async("models", "compare", a, a, "--images", Path.Combine(_folder.FullName, folder));

        Assert.Equal(ExitCode.Precheck, run.Exit);
        Assert.Contains($"({code})", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_OneModel_HasARowForEachTool()
    {
        Run run = await Run.Async("models", "report", Write("a.onnx", FixedBatch.Network()));

        Assert.Equal(ExitCode.Ok, run.Exit);
        Assert.Equal(6, run.Lines.Length);
        Assert.All(run.Lines[2..], line => Assert.StartsWith("| a | ", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Model_NotThere_IsNamed()
    {
        Run run = await Run.Async("models", "optimize", "nowhere.onnx", "b.onnx");

        Assert.Equal(ExitCode.Precheck, run.Exit);
        Assert.Contains("nowhere.onnx", run.Error, StringComparison.Ordinal);
        Assert.Contains("(model-missing)", run.Error, StringComparison.Ordinal);
    }

    private string Write(string name, byte[] file)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllBytes(path, file);
        return path;
    }
}
