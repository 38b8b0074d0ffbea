using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Faces.Devices;
using FaceFusion.Batch.Worker.Pipeline;
using Xunit;

namespace FaceFusion.Batch.Worker.Tests.Pipeline;

/// <summary>Frames are a function of the class of device, too: workers on other kinds of devices must not share a job or a sidecar.</summary>
public sealed class PipelineKeysTests
{
    private static readonly Recipe Swap = new() { Processors = [new SwapStep()] };

    [Fact]
    public void Keys_OtherClassOfDevice_AreOthers()
    {
        Dictionary<string, string>[] fleets =
        [
            On("cpu", "cpu"),
            On("cuda sm_90", "cuda sm_90"),
            On("cuda sm_89", "cuda sm_89"),
            On("cuda sm_90", "cpu"),
            On("cpu", "cuda sm_90"),
        ];

        Assert.Equal(fleets.Length, fleets.Select(keys => PipelineKeys.Pipeline(keys, null)).Distinct().Count());
        Assert.Equal(fleets.Length, fleets.Select(keys => PipelineKeys.Analysis(keys, Swap, 0)).Distinct().Count());
    }

    [Fact]
    public void Keys_SameModelsAndClass_AreEqual()
    {
        Assert.Equal(
            PipelineKeys.Pipeline(On("cuda sm_90", "cpu"), null),
            PipelineKeys.Pipeline(On("cuda sm_90", "cpu"), null)
        );
        Assert.Equal(
            PipelineKeys.Analysis(On("cuda sm_90", "cpu"), Swap, 0),
            PipelineKeys.Analysis(On("cuda sm_90", "cpu"), Swap, 0)
        );
    }

    /// <summary>A worker whose card encodes and one whose CPU does write segments that cannot be joined.</summary>
    [Fact]
    public void Keys_OtherEncoder_AreOthers()
    {
        Dictionary<string, string> models = On("cuda sm_89", "cpu");
        string?[] encoders = [null, "h264_nvenc of yuv420p", "h264_nvenc of yuv420p, hevc_nvenc of yuv420p"];

        Assert.Equal(3, encoders.Select(encoder => PipelineKeys.Pipeline(models, encoder)).Distinct().Count());
    }

    private static Dictionary<string, string> On(string detector, string mesh) =>
        new() { ["detector"] = ModelPlace.Key("aa", detector), ["mesh"] = ModelPlace.Key("bb", mesh) };
}
