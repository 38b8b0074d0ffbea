using System.Text.Json;
using FaceFusion.Batch.Cli.Commands.Models;
using FaceFusion.Batch.Cli.Tests.Support;
using FaceFusion.Batch.Faces.Onnx;
using FaceFusion.Batch.TestKit;
using Xunit;

namespace FaceFusion.Batch.Cli.Tests.Commands;

public sealed class ModelCheckCommandTests : IDisposable
{
    private static readonly string BuiltIn = Path.Combine(Footage.SolutionFolder(), "models", "mobilefacenet.onnx");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ffb-check-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Check_OfABuiltInModel_TellsWhatItIsAndThatItRan()
    {
        Run run = await Run.Async("models", "check", BuiltIn, "--model", "mobilefacenet", "--output-format", "json");

        Assert.Equal((ExitCode.Ok, ""), (run.Exit, run.Error));
        JsonElement model = run.Json.GetProperty("models")[0];
        Assert.True(model.GetProperty("admitted").GetBoolean());
        Assert.Equal(17, model.GetProperty("opset").GetInt32());
        Assert.Equal("mobilefacenet", model.GetProperty("family").GetString());
        Assert.True(model.GetProperty("dynamicBatch").GetBoolean());
        Assert.Empty(model.GetProperty("findings").EnumerateArray());
        JsonElement output = model.GetProperty("trial").GetProperty("outputs")[0];
        Assert.Equal([1, 192], output.GetProperty("shape").EnumerateArray().Select(n => n.GetInt32()));
        Assert.Equal(0, output.GetProperty("nonFinite").GetInt64());
    }

    /// <summary>The file would end the child for want of memory; refused by what it is, it never gets there.</summary>
    [Theory]
    [InlineData("model-format", "3affffffff0701")]
    [InlineData("model-opset", "0808" + "3a00")]
    [InlineData("model-format", "")]
    public async Task Check_OfAHostileFile_IsOneLineAndNeverARun(string code, string hex)
    {
        string file = Write(Convert.FromHexString(hex));

        Run run = await Run.Async("models", "check", file, "--output-format", "json");

        Assert.Equal(ExitCode.Precheck, run.Exit);
        string line = Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Matches($@"^ffb: The model .+ is refused\. .+\. \({code}\)$", line);
        JsonElement model = run.Json.GetProperty("models")[0];
        Assert.False(model.GetProperty("admitted").GetBoolean());
        Assert.False(model.TryGetProperty("trial", out JsonElement trial) && trial.ValueKind != JsonValueKind.Null);
        // The judgement alone is held to 100 ms elsewhere; here its code is compiled on the way.
        Assert.InRange(model.GetProperty("judgedMilliseconds").GetDouble(), 0, 1000);
    }

    /// <summary>Product row 58: a size that only shows when the runtime works it out.</summary>
    [Fact]
    public async Task Check_OfAModelThatAsksForTooMuchMemory_EndsAtTheChildsLimit()
    {
        OnnxBuilder net = new();
        string x = net.Input("input", OnnxType.Float, 1);
        // 2^18 · 2^17 elements of 4 bytes: 128 GiB.
        string shape = net.Node("Mul", [net.Integers(1 << 9, 1 << 8), net.Integers(1 << 9, 1 << 9)]);
        string large = net.Node("Add", [net.Node("ConstantOfShape", [shape]), x]);
        net.Output("output", net.Node("ReduceMax", [large]), OnnxType.Float, 1, 1);
        string file = Write(net.ToBytes("large"));

        Run run = await Run.Async("models", "check", file);

        Assert.Equal(ExitCode.Precheck, run.Exit);
        Assert.EndsWith("(resource-exhausted)", run.Error.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_OfAModelThatDoesNotEnd_EndsAtTheTimeLimit()
    {
        OnnxBuilder net = new();
        string value = net.Node("Expand", [net.Input("input", OnnxType.Float, 1, 1), net.Integers(2048, 2048)]);
        for (int i = 0; i < 1000; i++)
        {
            value = net.Node("MatMul", [value, value]);
        }

        net.Output("output", value, OnnxType.Float, 2048, 2048);
        string file = Write(net.ToBytes("slow"));

        Run run = await Run.Async("models", "check", file, "--time-limit", "1");

        Assert.Equal(ExitCode.Precheck, run.Exit);
        Assert.Contains("within 1 s", run.Error, StringComparison.Ordinal);
        Assert.EndsWith("(resource-exhausted)", run.Error.TrimEnd(), StringComparison.Ordinal);
    }

    /// <summary>Product row 57: reported, and no reason by itself: honest networks divide by the length of a vector.</summary>
    [Fact]
    public async Task Check_OfAModelThatGivesNoNumbers_SaysSo()
    {
        OnnxBuilder net = new();
        string x = net.Input("input", OnnxType.Float, OnnxDimension.Open("N"), 7);
        net.Output("out\u001b[31m", net.Node("Log", [x]), OnnxType.Float, OnnxDimension.Open("N"), 7);
        string file = Write(net.ToBytes("logarithm"));

        Run run = await Run.Async("models", "check", file);

        Assert.Equal((ExitCode.Ok, ""), (run.Exit, run.Error));
        Assert.Contains("7 values of its output out", run.Output, StringComparison.Ordinal);
        Assert.Contains("(not-finite)", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Output);
    }

    /// <summary>Product row 53: what lies beside the model is read by the child alone, in the model's own folder.</summary>
    [Fact]
    public async Task Check_OfWeightsBeside_RunsThemAndWarns()
    {
        File.WriteAllBytes(Path.Combine(_folder.FullName, "weights.bin"), new byte[16]);
        OnnxBuilder net = new();
        OnnxTensor weights = new()
        {
            Name = "weights",
            Type = OnnxType.Float,
            Shape = [4],
            External = new Dictionary<string, string> { ["location"] = "weights.bin" },
        };
        string x = net.Input("input", OnnxType.Float, 4);
        net.Output("output", net.Node("Add", [x, net.Add(weights)]), OnnxType.Float, 4);
        string file = Write(net.ToBytes("beside"));

        Run run = await Run.Async("models", "check", file, "--output-format", "json");

        JsonElement model = run.Json.GetProperty("models")[0];
        Assert.Equal("", run.Error);
        Assert.Equal("external-data", model.GetProperty("findings")[0].GetProperty("code").GetString());
        Assert.Equal(4, model.GetProperty("trial").GetProperty("outputs")[0].GetProperty("shape")[0].GetInt32());
    }

    /// <summary>Product row 52.</summary>
    [Fact]
    public async Task Check_OfAnotherFileThanTheCatalogues_IsRefused()
    {
        byte[] changed = File.ReadAllBytes(BuiltIn);
        // In a weight: the model is as sound as before.
        changed[changed.Length / 2] ^= 1;

        Run run = await Run.Async("models", "check", Write(changed), "--model", "mobilefacenet");

        Assert.Equal(ExitCode.Precheck, run.Exit);
        Assert.EndsWith("(model-hash)", run.Error.TrimEnd(), StringComparison.Ordinal);
        Assert.DoesNotContain("trial", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_OfAnotherFamily_IsRefusedAndTheNextFileStillChecked()
    {
        Run run = await Run.Async(
            "models",
            "check",
            BuiltIn,
            Write([]),
            "--family",
            "arcface",
            "--output-format",
            "jsonl"
        );

        Assert.Equal((ExitCode.Precheck, 2), (run.Exit, run.Lines.Length));
        string[] lines = run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.EndsWith("(model-shape)", lines[0], StringComparison.Ordinal);
        Assert.EndsWith("(model-format)", lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("models check", (int)ExitCode.Precheck, "usage")]
    [InlineData("models check a.onnx --family novelty", (int)ExitCode.Precheck, "usage")]
    [InlineData("models check a.onnx --family gpen --model yunet", (int)ExitCode.Precheck, "usage")]
    [InlineData("models check a.onnx --time-limit 0", (int)ExitCode.Precheck, "usage")]
    [InlineData("models check a.onnx --model nobody", (int)ExitCode.Precheck, "model-unknown")]
    [InlineData("models check nowhere.onnx", (int)ExitCode.NotFound, "model-file-missing")]
    public async Task Check_OfWrongWords_SaysSo(string words, int exit, string code)
    {
        Run run = await Run.Async(words.Split(' '));

        Assert.Equal(exit, (int)run.Exit);
        Assert.EndsWith($"({code})", run.Error.TrimEnd(), StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Theory]
    [InlineData(0, "", "", "model-crash")]
    [InlineData(0, "{\"Report\":", "", "model-crash")]
    [InlineData(0, "noise\n{\"Code\":\"model-load\",\"Sentence\":\"No.\"}\n", "", "model-load")]
    [InlineData(139, "", "", "model-crash")]
    [InlineData(134, "", "terminate called after throwing an instance of 'std::bad_alloc'", "resource-exhausted")]
    [InlineData(134, "", "Out of memory.", "resource-exhausted")]
    [InlineData(137, "", "", "resource-exhausted")]
    [InlineData(152, "", "", "resource-exhausted")]
    public void Outcome_OfAnEndedChild_IsWhatItsEndSays(int exit, string output, string errors, string code) =>
        Assert.Equal(code, ModelTrialChild.Outcome(exit, output, errors).Code);

    private string Write(byte[] bytes)
    {
        string path = Path.Combine(_folder.FullName, "model.onnx");
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
