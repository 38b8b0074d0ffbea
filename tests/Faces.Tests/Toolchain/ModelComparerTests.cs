using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Onnx;
using FaceFusion.Batch.Faces.Toolchain.Comparing;
using FaceFusion.Batch.Faces.Toolchain.Engines;
using FaceFusion.Batch.Imaging.Frames;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Toolchain;

public sealed class ModelComparerTests
{
    [Fact]
    public void ToDifference_OfKnownValues_IsAsWorkedOutByHand()
    {
        DifferenceSum sum = new();
        sum.Add([3, 0], [3, 4]);
        sum.Add([4, 0], [4, 0]);

        OutputDifference d = sum.ToDifference("o");

        // Errors 0, 4, 0, 0; |a| = 5, |b|² = 9 + 16 + 16, a · b = 9 + 16.
        Assert.Equal(1, d.L1);
        Assert.Equal(4.0 / 5, d.RelativeL2, 1e-12);
        Assert.Equal(4, d.MaxError);
        Assert.Equal(25 / (5 * Math.Sqrt(41)), d.Cosine, 1e-12);
    }

    [Fact]
    public void ToDifference_NoNumberOnOneSide_FailsEveryGate()
    {
        DifferenceSum sum = new();
        sum.Add([1, 2], [1, double.NaN]);
        Comparison comparison = new([new InputDifferences("random", 1, [sum.ToDifference("o")])]);

        Assert.Throws<ModelException>(() => comparison.Require(1e9));
    }

    [Fact]
    public void ToDifference_OfZeros_IsNone()
    {
        DifferenceSum sum = new();
        sum.Add([0, 0], [0, 1e-12]);

        Assert.InRange(sum.ToDifference("o").RelativeL2, 0, 1e-6);
    }

    [Fact]
    public void Compare_OtherOutputs_IsRefused()
    {
        ModelException e = Assert.Throws<ModelException>(() =>
            ModelComparer.Compare(Factor(1, "output"), Factor(1, "other"), new ComparedInputs("random", []))
        );

        Assert.Equal("model-contract", e.Code);
    }

    [Fact]
    public void Compare_AFactor_IsTheRelativeDifference()
    {
        byte[] file = Factor(1, "output");

        Comparison comparison = ToolNetworks.Compare(file, Factor(1.25f, "output"), ToolNetworks.Noise(file, 3));

        Assert.Equal(0.25, comparison.Worst, 1e-6);
        Assert.Equal(1, comparison.LeastCosine, 1e-9);
    }

    [Fact]
    public void Speeds_EveryListedProvider_HasTimesOrAReason()
    {
        byte[] file = Factor(1, "output");

        IReadOnlyList<ProviderSpeed> speeds = ModelComparer.Speeds(file, file, ToolNetworks.Noise(file)[0]);

        Assert.Contains(speeds, s => s is { Provider: "CPUExecutionProvider", FirstMilliseconds: > 0 });
        Assert.All(speeds, s => Assert.True(s.FirstMilliseconds is null == s.Refusal is not null));
    }

    [Fact]
    public void Prepare_NoTensorRtHere_SaysWhatIsNeeded()
    {
        byte[] file = Factor(1, "output");

        ModelException e = Assert.Throws<ModelException>(() =>
            EnginePreparer.Prepare(file, Path.Combine(Path.GetTempPath(), "never-made"), ToolNetworks.Noise(file)[0])
        );

        Assert.Equal("provider-missing", e.Code);
        Assert.Contains("libnvinfer", e.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(Path.GetTempPath(), "never-made")));
    }

    [Fact]
    public void Settings_OpenBatch_GiveTheLengthsBetweenWhichItLies()
    {
        byte[] file = Factor(1, "output");
        IReadOnlyList<OnnxTensor> open = EnginePreparer.Open(file, ToolNetworks.Noise(file)[0]);

        Dictionary<string, string> settings = EnginePreparer.Settings(
            "/engines",
            open,
            new EngineOptions { Batch = 8, Half = true }
        );

        Assert.Equal("input:1x3x4x6", settings["trt_profile_min_shapes"]);
        Assert.Equal("input:8x3x4x6", settings["trt_profile_max_shapes"]);
        Assert.Equal("1", settings["trt_fp16_enable"]);
        Assert.Equal("/engines", settings["trt_timing_cache_path"]);
    }

    [Theory]
    [InlineData("rgb", "nchw")]
    [InlineData("bgr", "nhwc")]
    public void Picture_ByItsCard_IsScaledOrderedAndLaidOut(string channels, string layout)
    {
        bool isLast = layout == "nhwc";
        OnnxBuilder b = new();
        string x = isLast
            ? b.Input("picture", OnnxType.Float, 1, 4, 6, 3)
            : b.Input("picture", OnnxType.Float, 1, 3, 4, 6);
        b.Output("output", x, OnnxType.Float, OnnxDimension.Open(""));
        ModelInput card = new()
        {
            Name = "picture",
            Channels = channels,
            Layout = layout,
            Mean = new PerChannel(10, 20, 30),
            Std = new PerChannel(2, 4, 5),
        };
        // Of one colour: luma 128, and 64 of red difference.
        FrameFormat format = new(12, 8, ChromaLayout.Yuv444, 8, YuvMatrix.Bt601, FullRange: true, ChromaSiting.Center);
        using FramePool pool = new(format, 1);
        Frame frame = pool.Rent(TestContext.Current.CancellationToken);
        frame.Plane(0).Fill(128);
        frame.Plane(1).Fill(128);
        frame.Plane(2).Fill(192);

        float[] values = new SampleInputs(b.ToBytes("picture"), card).Picture(frame, 1)[0].ToFloats();

        // BT.601: R = Y + 1.402 V, G = Y − 0.714136 V, B = Y.
        float[] rgb = [(128 + (1.402f * 64) - 10) / 2, (128 - (0.714136f * 64) - 20) / 4, (128 - 30) / 5f];
        float[] order = channels == "bgr" ? [rgb[2], rgb[1], rgb[0]] : rgb;
        for (int c = 0; c < 3; c++)
        {
            // A hundredth of a pixel's value: the matrix is rounded.
            Assert.Equal(order[c], values[isLast ? c : c * 24], 0.01f);
            Assert.Equal(order[c], values[isLast ? c + 69 : (c * 24) + 23], 0.01f);
        }

        pool.Return(frame);
    }

    /// <summary>Input [N, 3, 4, 6] times a factor.</summary>
    private static byte[] Factor(float factor, string output)
    {
        OnnxBuilder b = new();
        string x = b.Input("input", OnnxType.Float, OnnxDimension.Open("N"), 3, 4, 6);
        b.Output(output, b.Node("Mul", [x, b.Scalar(factor)]), OnnxType.Float, OnnxDimension.Open("N"), 3, 4, 6);
        return b.ToBytes("factor");
    }
}
