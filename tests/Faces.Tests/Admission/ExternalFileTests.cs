using FaceFusion.Batch.Faces.Admission;
using FaceFusion.Batch.Faces.Onnx;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Admission;

/// <summary>Product row 53: constants in other files.</summary>
public sealed class ExternalFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ffb-external-");

    public ExternalFileTests()
    {
        string beside = Path.Combine(_folder.FullName, "weights.bin");
        File.WriteAllBytes(beside, new byte[64]);
        File.CreateSymbolicLink(Path.Combine(_folder.FullName, "link.bin"), beside);
        _ = _folder.CreateSubdirectory("deeper");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("../../etc/passwd", "a path")]
    [InlineData("deeper/weights.bin", "a path")]
    [InlineData("./weights.bin", "a path")]
    [InlineData("..\\weights.bin", "a path")]
    [InlineData("..", "a folder")]
    [InlineData(".", "a folder")]
    [InlineData("/etc/passwd", "an absolute path")]
    [InlineData("/proc/self/environ", "an absolute path")]
    [InlineData("\\\\server\\share", "an absolute path")]
    [InlineData("C:weights.bin", "an absolute path")]
    [InlineData("file:weights.bin", "an absolute path")]
    [InlineData("*/_ORT_MEM_ADDR_/*", "an address in memory")]
    [InlineData("_ort_mem_addr_", "an address in memory")]
    [InlineData("", "no name")]
    [InlineData("weights.bin\0.onnx", "no name of a file")]
    [InlineData("nowhere.bin", "not there")]
    [InlineData("deeper", "not there")]
    [InlineData("link.bin", "a link")]
    public void Judge_OfDataElsewhere_RefusesItByName(string location, string said)
    {
        foreach (string? folder in new[] { _folder.FullName, null })
        {
            AdmissionReport report = ModelAdmission.Judge(Model(new() { ["location"] = location }), folder);

            AdmissionFinding refusal = report.Findings.First(f => f.IsRefusal);
            Assert.Equal("model-external-data", refusal.Code);
            if (folder is not null)
            {
                Assert.Contains(said, refusal.Sentence, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("0", "16", true)]
    [InlineData("48", "16", true)]
    [InlineData("48", null, true)]
    [InlineData("49", "16", false)]
    [InlineData("0", "17", false)]
    [InlineData("-1", "16", false)]
    [InlineData("9223372036854775807", "16", false)]
    [InlineData("99999999999999999999", "16", false)]
    [InlineData(" 0", "16", false)]
    public void Judge_OfAFileBeside_LooksForTheBytes(string offset, string? length, bool isThere)
    {
        Dictionary<string, string> place = new() { ["location"] = "weights.bin", ["offset"] = offset };
        if (length is not null)
        {
            place["length"] = length;
        }

        AdmissionReport report = ModelAdmission.Judge(Model(place), _folder.FullName);

        Assert.Equal(isThere, report.IsAdmitted);
        Assert.Equal(isThere ? "external-data" : "model-external-data", report.Findings.Single().Code);
        // What the catalogue loads is one file: its hash covers no other.
        Assert.False(ModelAdmission.Judge(Model(place)).IsAdmitted);
    }

    /// <summary>The mark alone, without a place.</summary>
    [Fact]
    public void Judge_OfDataNowhere_RefusesIt() =>
        Assert.Equal("model-external-data", ModelAdmission.Judge(Model([]), _folder.FullName).Findings[0].Code);

    [Fact]
    public void Judge_OfAnAttributeElsewhere_RefusesItEvenBeside()
    {
        OnnxBuilder net = new();
        string value = net.Node(
            "Constant",
            [],
            OnnxAttribute.Of("value", Tensor(new() { ["location"] = "weights.bin" }))
        );
        net.Output("output", value, OnnxType.Float, 4);

        Assert.Equal(
            "model-external-data",
            ModelAdmission.Judge(net.ToBytes("constant"), _folder.FullName).Findings[0].Code
        );
    }

    private static byte[] Model(Dictionary<string, string> place)
    {
        OnnxBuilder net = new();
        string x = net.Input("input", OnnxType.Float, 4);
        net.Output("output", net.Node("Add", [x, net.Add(Tensor(place))]), OnnxType.Float, 4);
        return net.ToBytes("external");
    }

    private static OnnxTensor Tensor(Dictionary<string, string> place) =>
        new()
        {
            Name = "weight",
            Type = OnnxType.Float,
            Shape = [4],
            External = place,
        };
}
