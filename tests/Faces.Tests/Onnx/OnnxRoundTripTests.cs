using FaceFusion.Batch.Faces.Onnx;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Onnx;

/// <summary>What is read from a file and written again is the same model to the runtime.</summary>
public sealed class OnnxRoundTripTests
{
    [Theory]
    [InlineData("detector-full-range")]
    [InlineData("face-mesh-attention")]
    [InlineData("mobilefacenet")]
    public void Write_OfABuiltInModel_GivesTheSameOutputsToTheBit(string id)
    {
        byte[] original = File.ReadAllBytes(Path.Combine(TestModels.Folder, $"{id}.onnx"));

        byte[] written = OnnxWriter.Write(OnnxReader.Read(original));

        List<float[]> expected = RunOnNoise(original);
        List<float[]> found = RunOnNoise(written);
        Assert.Equal(expected.Count, found.Count);
        Assert.Contains(expected, values => values.Distinct().Count() > 1);
        // Bit for bit, and not merely equal as numbers.
        Assert.All(
            expected.Zip(found),
            pair =>
                Assert.Equal(
                    pair.First.Select(BitConverter.SingleToInt32Bits),
                    pair.Second.Select(BitConverter.SingleToInt32Bits)
                )
        );
        // And what was written reads as what was read.
        Assert.Equal(written, OnnxWriter.Write(OnnxReader.Read(written)));
    }

    private static List<float[]> RunOnNoise(byte[] model)
    {
        using SessionOptions options = new()
        {
            IntraOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        using InferenceSession session = new(model, options);
        (string name, NodeMetadata metadata) = session.InputMetadata.Single();
        int[] shape = [.. metadata.Dimensions.Select(n => Math.Max(1, n))];
        Random random = new(1);
        DenseTensor<float> input = new(shape);
        foreach (ref float value in input.Buffer.Span)
        {
            value = (random.NextSingle() * 2) - 1;
        }

        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = session.Run([
            NamedOnnxValue.CreateFromTensor(name, input),
        ]);
        return [.. results.Select(r => r.AsTensor<float>().ToArray())];
    }
}
