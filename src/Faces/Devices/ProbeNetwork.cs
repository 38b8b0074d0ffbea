using FaceFusion.Batch.Faces.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace FaceFusion.Batch.Faces.Devices;

/// <summary>The smallest network that shows that a device works: one convolution, so that cuDNN is loaded as well.</summary>
internal static class ProbeNetwork
{
    private const int Size = 8;
    private const string Input = "input";
    private const string Output = "output";

    private static readonly byte[] Bytes = Build();

    /// <summary>Loads it and runs it.</summary>
    /// <exception cref="OnnxRuntimeException">The device does not do it.</exception>
    public static void Run(SessionOptions options)
    {
        using var session = new InferenceSession(Bytes, options);
        using var run = new RunOptions();
        using var value = OrtValue.CreateTensorValueFromMemory(new float[Size * Size], [1, 1, Size, Size]);
        using IDisposableReadOnlyCollection<OrtValue> _ = session.Run(run, [Input], [value], [Output]);
    }

    private static byte[] Build()
    {
        OnnxDimension[] shape = [1, 1, Size, Size];
        OnnxBuilder network = new();
        string input = network.Input(Input, OnnxType.Float, shape);
        string weights = network.Constant([1, 1, 1, 1], [2f]);
        network.Output(Output, network.Node("Conv", [input, weights]), OnnxType.Float, shape);
        return network.ToBytes("probe");
    }
}
