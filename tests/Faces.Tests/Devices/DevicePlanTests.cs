using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Devices;
using FaceFusion.Batch.Faces.Models;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Devices;

/// <summary>The runtime is really asked; on a build of it that knows only the CPU.</summary>
public sealed class DevicePlanTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ffb-providers-");

    public DevicePlanTests() =>
        Assert.SkipWhen(
            InferenceRuntime.Describe().Contains("CUDA", StringComparison.Ordinal),
            "The runtime was built with CUDA, which these tests need absent."
        );

    public void Dispose() => _folder.Delete(recursive: true);

    private string Library => Path.Combine(_folder.FullName, "libonnxruntime_providers_cuda.so");

    private ProviderOptions Here => new() { Folders = [_folder.FullName] };

    [Fact]
    public void Make_Cpu_IsUsed()
    {
        var plan = DevicePlan.Make(DeviceChoice.Cpu, Here);

        Assert.Equal(DeviceWish.Cpu, plan.Device);
        Assert.False(plan.IsFallback);
        Assert.Equal("cpu", $"{plan}");
    }

    [Fact]
    public void Make_CudaWithoutFallback_SaysWhatIsMissingAndWhereItWasLookedFor()
    {
        ModelException e = Assert.Throws<ModelException>(() => DevicePlan.Make(DeviceChoice.Parse("cuda:1"), Here));

        Assert.Equal("device-missing", e.Code);
        Assert.False(e.IsTransient);
        Assert.StartsWith("The device cuda:1 cannot be used: ", e.Message, StringComparison.Ordinal);
        Assert.Contains("no CUDAExecutionProvider", e.Message, StringComparison.Ordinal);
        Assert.Contains("no libonnxruntime_providers_cuda.so was found", e.Message, StringComparison.Ordinal);
        Assert.Contains(
            $"into {_folder.FullName} or name its folder in FFB_PROVIDERS",
            e.Message,
            StringComparison.Ordinal
        );
        Assert.Contains("--device cuda:1,cpu", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cuda,cpu", "cuda:0")]
    [InlineData("tensorrt,cpu", "tensorrt:0")]
    [InlineData("coreml,cpu", "coreml")]
    [InlineData("directml,cpu", "directml:0")]
    [InlineData("openvino,cpu", "openvino")]
    public void Make_WithFallback_RunsOnItAndSaysWhy(string choice, string passedOver)
    {
        var plan = DevicePlan.Make(DeviceChoice.Parse(choice), Here);

        Assert.Equal(DeviceWish.Cpu, plan.Device);
        Assert.True(plan.IsFallback);
        Assert.Equal([AttemptOutcome.NotInBuild, AttemptOutcome.Used], plan.Attempts.Select(a => a.Outcome));
        Assert.Equal(passedOver, $"{plan.Attempts[0].Device}");
        Assert.StartsWith(
            $"cpu (asked for {choice}; not {passedOver}: this build of the inference runtime has no ",
            $"{plan}",
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Make_SeveralAbsent_NamesEach()
    {
        ModelException e = Assert.Throws<ModelException>(() =>
            DevicePlan.Make(DeviceChoice.Parse("tensorrt,cuda"), Here)
        );

        Assert.Contains("The device tensorrt:0 cannot be used", e.Message, StringComparison.Ordinal);
        Assert.Contains("nor cuda:0: ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Make_LibraryIsNone_GivesTheLoadersReason()
    {
        File.WriteAllText(Library, "no library");

        ModelException e = Assert.Throws<ModelException>(() => DevicePlan.Make(DeviceChoice.Parse("cuda"), Here));

        Assert.Equal("device-missing", e.Code);
        Assert.Contains(Library, e.Message, StringComparison.Ordinal);
        Assert.Contains("file too short", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Make_LibraryNeedsAnother_NamesTheOneThatIsMissing()
    {
        File.WriteAllBytes(Library, EmptyLibrary.Needing("libcublasLt.so.0"));

        var plan = DevicePlan.Make(DeviceChoice.Parse("cuda,cpu"), Here);

        Assert.Equal(AttemptOutcome.LibraryMissing, plan.Attempts[0].Outcome);
        Assert.Equal("the library libcublasLt.so.0 was not found", plan.Attempts[0].Note);
        Assert.Contains("CUDA 13", plan.Attempts[0].Advice, StringComparison.Ordinal);
    }
}
