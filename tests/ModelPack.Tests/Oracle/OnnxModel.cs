using Microsoft.ML.OnnxRuntime;

namespace FaceFusion.Batch.ModelPack.Tests.Oracle;

/// <summary>Runs converted bytes once.</summary>
internal static class OnnxModel
{
    /// <param name="onnx">A model of the converter.</param>
    /// <param name="nhwc">The input in TFLite's layout.</param>
    /// <param name="shape">N, H, W, C of it.</param>
    /// <returns>Output name → elements.</returns>
    public static Dictionary<string, float[]> Run(byte[] onnx, float[] nhwc, int[] shape)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        using var session = new InferenceSession(onnx, options);
        float[] nchw = ToPlanes(nhwc, shape);
        using var input = OrtValue.CreateTensorValueFromMemory(nchw, [shape[0], shape[3], shape[1], shape[2]]);
        using var run = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(
            run,
            session.InputNames,
            [input],
            session.OutputNames
        );
        return session
            .OutputNames.Zip(outputs)
            .ToDictionary(pair => pair.First, pair => pair.Second.GetTensorDataAsSpan<float>().ToArray());
    }

    private static float[] ToPlanes(float[] nhwc, int[] shape)
    {
        int pixels = shape[1] * shape[2];
        int channels = shape[3];
        float[] planes = new float[nhwc.Length];
        for (int i = 0; i < nhwc.Length; i++)
        {
            int sample = i / (pixels * channels);
            int pixel = i / channels % pixels;
            planes[(((sample * channels) + (i % channels)) * pixels) + pixel] = nhwc[i];
        }

        return planes;
    }
}
