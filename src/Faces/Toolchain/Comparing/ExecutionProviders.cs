using FaceFusion.Batch.Faces.Models;
using Microsoft.ML.OnnxRuntime;

namespace FaceFusion.Batch.Faces.Toolchain.Comparing;

/// <summary>The execution providers that this process's runtime was built with.</summary>
internal static class ExecutionProviders
{
    public const string Cpu = "CPUExecutionProvider";

    public const string TensorRt = "TensorrtExecutionProvider";

    public static IReadOnlyList<string> Available => InferenceRuntime.Providers();

    /// <summary>One thread on the CPU as everywhere else, and this provider before it.</summary>
    /// <exception cref="OnnxRuntimeException">The provider's library, or one that it needs, is missing here.</exception>
    /// <exception cref="NotSupportedException">The provider is not one that a model can be given to by its name alone.</exception>
    public static SessionOptions Options(string provider)
    {
        SessionOptions options = InferenceRuntime.CpuOptions();
        try
        {
            switch (provider)
            {
                case Cpu:
                    break;
                case "CUDAExecutionProvider":
                    options.AppendExecutionProvider_CUDA(0);
                    break;
                case TensorRt:
                    options.AppendExecutionProvider_Tensorrt(0);
                    break;
                case "CoreMLExecutionProvider":
                    options.AppendExecutionProvider_CoreML();
                    break;
                case "DmlExecutionProvider":
                    options.AppendExecutionProvider_DML(0);
                    break;
                default:
                    throw new NotSupportedException($"{provider} is not tried");
            }

            return options;
        }
        catch
        {
            options.Dispose();
            throw;
        }
    }
}
