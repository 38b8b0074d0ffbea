using FaceFusion.Batch.ModelPack.Building;
using FaceFusion.Batch.ModelPack.Converting;
using FaceFusion.Batch.ModelPack.Tests.Oracle;
using FaceFusion.Batch.ModelPack.Tflite;

namespace FaceFusion.Batch.ModelPack.Tests.Building;

/// <summary>Converted models against the runtime that the originals were made for.</summary>
[Collection(PackCollection.Name)]
public sealed class ParityTests(PackFixture pack)
{
    private const float Tolerance = 2e-4f;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Detector_AnyPicture_EqualsTheOriginal(bool portrait)
    {
        byte[] original = pack.Sources.Detector.Content;
        float[] input = [.. Picture(192, portrait).Select(value => (value * 2) - 1)];

        Dictionary<string, float[]> converted = OnnxModel.Run(
            PackBuilder.BuildDetector(original),
            input,
            [1, 192, 192, 3]
        );
        float[][] expected = pack.Runtime.Run(original, input, 2);

        Assert.InRange(Differences.Largest(expected[0], converted["boxes"]), 0, Tolerance);
        Assert.InRange(Differences.Largest(expected[1], converted["logits"]), 0, Tolerance);
    }

    /// <summary>The original's batch is two; the converted one is open.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Embedding_AnyPicture_EqualsTheOriginal(bool portrait)
    {
        byte[] original = pack.Sources.Embedding.Content;
        float[] first = [.. Picture(112, portrait).Select(value => ((value * 255) - 127.5f) / 128)];
        float[] both = [.. first, .. first.Reverse()];
        byte[] onnx = PackBuilder.BuildEmbedding(original);

        float[] converted = OnnxModel.Run(onnx, both, [2, 112, 112, 3])["embedding"];
        float[] alone = OnnxModel.Run(onnx, first, [1, 112, 112, 3])["embedding"];
        float[] expected = pack.Runtime.Run(original, both, 1)[0];

        // The original's weights are single precision, the pack's half: what counts is the cosine that faces are compared by.
        Assert.InRange(Differences.Cosine(expected.AsSpan(0, 192), converted.AsSpan(0, 192)), 0.99998, 1.00001);
        Assert.InRange(Differences.Cosine(expected.AsSpan(192), converted.AsSpan(192)), 0.99998, 1.00001);
        Assert.InRange(Differences.Largest(converted.AsSpan(0, 192), alone), 0, Tolerance);
    }

    /// <summary>The part of the attention mesh that finds the 468 coarse points, without the operators that the runtime lacks.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void CoarseMesh_AnyPicture_EqualsTheOriginal(bool portrait)
    {
        byte[] original = pack.Sources.FaceMesh.Content;
        var model = TfliteModel.Read(original);
        byte[] part = TfliteCut.Between(
            original,
            model.Inputs[0],
            Tensor(model, "output_mesh"),
            Tensor(model, "conv_faceflag")
        );
        float[] input = Picture(192, portrait);

        Conversion conversion = TfliteConverter.Convert(TfliteModel.Read(part));
        foreach (int output in conversion.Model.Outputs)
        {
            int[] shape = conversion.Shape(output);
            conversion.Graph.AddOutput(
                conversion.Model.Tensors[output].Name,
                conversion.TfliteLayout(output),
                [-1, .. Conversion.Long(shape[1..])]
            );
        }

        Dictionary<string, float[]> converted = OnnxModel.Run(
            conversion.Graph.ToBytes("part"),
            input,
            [1, 192, 192, 3]
        );
        float[][] expected = pack.Runtime.Run(part, input, 2);

        Assert.InRange(Differences.Largest(expected[0], converted["output_mesh"]), 0, Tolerance);
        Assert.InRange(Differences.Largest(expected[1], converted["conv_faceflag"]), 0, Tolerance);
    }

    /// <summary>
    /// All 478 points: the convolutions in the original runtime, the custom operators as their specification, against the one graph.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void FaceMesh_AnyPicture_EqualsTheOriginalPartByPart(bool portrait)
    {
        byte[] original = pack.Sources.FaceMesh.Content;
        float[] input = Picture(192, portrait);

        Dictionary<string, float[]> converted = OnnxModel.Run(
            PackBuilder.BuildFaceMesh(original),
            input,
            [1, 192, 192, 3]
        );
        (float[] landmarks, float score) = new FaceMeshSpecification(original, pack.Runtime).Run(input);

        // Around noise the regions of lips and eyes are stretched, which enlarges rounding with them.
        Assert.InRange(Differences.Largest(landmarks, converted["landmarks"]), 0, portrait ? Tolerance : 5e-4f);
        Assert.Equal(score, converted["score"][0], 1e-4f);
        if (portrait)
        {
            Assert.InRange(score, 0.9f, 1);
        }
    }

    private static float[] Picture(int size, bool portrait) =>
        portrait ? Pictures.Portrait(size) : Pictures.Noise(size * size * 3);

    private static int Tensor(TfliteModel model, string name) =>
        model.Tensors.Select(tensor => tensor.Name).ToList().IndexOf(name);
}
