using FaceFusion.Batch.Faces.Devices;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Devices;

/// <summary>Sentences as runtime 1.29 said them, with the folders shortened.</summary>
public sealed class LibraryFaultTests
{
    private static readonly DeviceWish Cuda = new(Provider.Cuda);

    [Theory]
    [InlineData(
        "[ErrorCode:Fail] Failed to load library /a/libonnxruntime_providers_cuda.so with error: libcublasLt.so.13: cannot open shared object file: No such file or directory",
        "libcublasLt.so.13",
        "CUDA 13"
    )]
    [InlineData(
        "[ErrorCode:Fail] /onnxruntime_src/onnxruntime/core/session/provider_bridge_ort.cc:1988 onnxruntime::Provider& onnxruntime::ProviderLibrary::Get() [ONNXRuntimeError] : 1 : FAIL : Failed to load library /a/libonnxruntime_providers_shared.so with error: /a/libonnxruntime_providers_shared.so: cannot open shared object file: No such file or directory\n",
        "libonnxruntime_providers_shared.so",
        "beside libonnxruntime.so"
    )]
    [InlineData(
        "[ErrorCode:Fail] Failed to load library /a/libonnxruntime_providers_cuda.so with error: /a/libonnxruntime_providers_cuda.so: undefined symbol: Provider_GetHost",
        "libonnxruntime_providers_shared.so",
        "beside libonnxruntime.so"
    )]
    [InlineData(
        "x: libcudnn.so.9: cannot open shared object file: No such file or directory",
        "libcudnn.so.9",
        "cuDNN 9"
    )]
    [InlineData("x: libcuda.so.1: cannot open shared object file: No such file or directory", "libcuda.so.1", "driver")]
    [InlineData("x: libnvinfer.so.10: cannot open shared object file: No such file", "libnvinfer.so.10", "TensorRT 10")]
    public void Explain_MissingLibrary_IsNamedWithWhatBringsIt(string message, string library, string advice)
    {
        ProviderAttempt attempt = LibraryFault.Explain(Cuda, message);

        Assert.Equal(AttemptOutcome.LibraryMissing, attempt.Outcome);
        Assert.Equal($"the library {library} was not found", attempt.Note);
        Assert.Contains(advice, attempt.Advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CUDA failure 100: no CUDA-capable device is detected ; GPU=-1")]
    [InlineData("CUDA failure 101: invalid device ordinal ; GPU=3")]
    public void Explain_NoSuchCard_SaysSo(string message) =>
        Assert.Equal(AttemptOutcome.NoSuchDevice, LibraryFault.Explain(Cuda, message).Outcome);

    [Fact]
    public void Explain_AnythingElse_IsOneLineWithoutThePlaceInTheRuntimesSource()
    {
        ProviderAttempt attempt = LibraryFault.Explain(
            Cuda,
            "[ErrorCode:Fail] /src/core/cuda.cc:12 bool Call() [ONNXRuntimeError] : 1 : FAIL : Something\n  is wrong.\n"
        );

        Assert.Equal(AttemptOutcome.Failed, attempt.Outcome);
        Assert.Equal("Something is wrong", attempt.Note);
    }
}
