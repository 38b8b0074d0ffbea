using System.Text.Json;
using FaceFusion.Batch.Cli.Tests.Support;
using FaceFusion.Batch.Faces.Onnx;
using FaceFusion.Batch.TestKit;
using Xunit;

namespace FaceFusion.Batch.Cli.Tests.Commands;

/// <summary>
/// The hostile files of product rows 52 to 58, as whoever runs <c>ffb models check</c> meets them: exit code, one line on stderr with the
/// reason's name, nothing run, and judged in less than 100 ms.
/// </summary>
public sealed class HostileModelsTests : IDisposable
{
    private const double MostMilliseconds = 100;

    private static readonly string Corpus = Path.Combine(
        Footage.SolutionFolder(),
        "tests",
        "Faces.Tests",
        "Onnx",
        "Corpus"
    );

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ffb-hostile-");

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Row, code, a word of the sentence, and what makes the file.</summary>
    public static TheoryData<int, string, string, Func<byte[]>> Files =>
        new()
        {
            { 53, "model-external-data", "../../etc/passwd", () => External("../../etc/passwd") },
            { 53, "model-external-data", "absolute", () => External("/proc/self/environ") },
            { 53, "model-external-data", "memory", () => External("*/_ORT_MEM_ADDR_/*") },
            { 53, "model-external-data", "link", () => External("link.bin") },
            { 54, "model-operator", "evil.example", () => Operator("Relu", "evil.example") },
            { 54, "model-operator", "com.microsoft", () => Operator("FusedConv", "com.microsoft") },
            { 54, "model-operator", "Loop", () => Operator("Loop") },
            { 54, "model-operator", "If", () => Operator("If") },
            { 54, "model-operator", "Scan", () => Operator("Scan") },
            { 54, "model-function", "operators of its own", () => Saved("function") },
            { 55, "model-tensor", "", () => Saved("initializer-of-2-62") },
            { 55, "model-tensor", "", () => Saved("initializer-overflows") },
            { 55, "model-tensor", "", () => Saved("initializer-wraps-to-zero") },
            { 55, "model-tensor", "", () => Saved("initializer-of-bytes-too-few") },
            { 55, "model-operator", "MatMulNBits", () => Operator("MatMulNBits", "com.microsoft") },
            { 56, "model-format", "", () => Saved("nested-20-deep") },
            { 56, "model-format", "", () => Saved("length-of-2-gib") },
            { 56, "model-format", "", () => Saved("varint-truncated") },
            { 56, "model-format", "", () => Saved("wire-type-6") },
            { 58, "model-resources", "GiB", () => Sized(1, 3, 100_000, 100_000) },
            { 58, "model-resources", "any machine", () => Sized(1L << 40, 1L << 40) },
        };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Check_OfAHostileFile_IsRefusedByNameInNoTime(int row, string code, string said, Func<byte[]> make)
    {
        _ = File.CreateSymbolicLink(Path.Combine(_folder.FullName, "link.bin"), "/etc/passwd");
        string file = Path.Combine(_folder.FullName, $"row-{row}.onnx");
        await File.WriteAllBytesAsync(file, make(), TestContext.Current.CancellationToken);

        // Twice: what is compiled on the way to the first verdict is not measured.
        Run run = await Run.Async("models", "check", file, file, "--output-format", "json");

        Assert.Equal(ExitCode.Precheck, run.Exit);
        string[] lines = run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.All(
            lines,
            line =>
            {
                Assert.StartsWith($"ffb: The model {file} is refused. ", line, StringComparison.Ordinal);
                Assert.Contains(said, line, StringComparison.Ordinal);
                Assert.EndsWith($"({code})", line, StringComparison.Ordinal);
            }
        );
        JsonElement[] models = [.. run.Json.GetProperty("models").EnumerateArray()];
        Assert.All(models, model => Assert.False(model.GetProperty("admitted").GetBoolean()));
        Assert.All(
            models,
            model =>
                Assert.False(
                    model.TryGetProperty("trial", out JsonElement trial) && trial.ValueKind != JsonValueKind.Null
                )
        );
        Assert.InRange(models[1].GetProperty("judgedMilliseconds").GetDouble(), 0, MostMilliseconds);
    }

    private static byte[] Saved(string name) => File.ReadAllBytes(Path.Combine(Corpus, $"{name}.onnx"));

    private static byte[] External(string location)
    {
        OnnxBuilder net = new();
        OnnxTensor weights = new()
        {
            Name = "weights",
            Type = OnnxType.Float,
            Shape = [4],
            External = new Dictionary<string, string> { ["location"] = location },
        };
        string x = net.Input("input", OnnxType.Float, 4);
        net.Output("output", net.Node("Add", [x, net.Add(weights)]), OnnxType.Float, 4);
        return net.ToBytes("external");
    }

    private static byte[] Operator(string name, string domain = "")
    {
        OnnxBuilder net = new();
        net.Output("output", net.Node(name, [net.Input("input", OnnxType.Float, 4)]), OnnxType.Float, 4);
        OnnxModel model = net.ToModel("operator");
        model.Graph.Nodes[0].Domain = domain;
        return OnnxWriter.Write(model);
    }

    private static byte[] Sized(params OnnxDimension[] shape)
    {
        OnnxBuilder net = new();
        net.Output("output", net.Node("Relu", [net.Input("input", OnnxType.Float, shape)]), OnnxType.Float, shape);
        return net.ToBytes("sized");
    }
}
