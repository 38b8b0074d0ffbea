using FaceFusion.Batch.ModelPack.Tests.Building;
using FaceFusion.Batch.ModelPack.Tflite;

namespace FaceFusion.Batch.ModelPack.Tests.Tflite;

[Collection(PackCollection.Name)]
public sealed class TfliteModelTests(PackFixture pack)
{
    [Fact]
    public void Read_Detector_HasItsInputAndOutputs()
    {
        var model = TfliteModel.Read(pack.Sources.Detector.Content);

        Assert.Equal([1, 192, 192, 3], model.Tensors[model.Inputs.Single()].Shape);
        Assert.Equal([1, 2304, 16], model.Tensors[model.Output("reshaped_regressor_face_4")].Shape);
        Assert.Equal(354, model.Operators.Count);
    }

    [Fact]
    public void Read_NoTflite_IsRefused() =>
        Assert.Contains("TFL3", Assert.Throws<InvalidDataException>(() => TfliteModel.Read(new byte[100])).Message);

    /// <summary>Wherever the file ends early, the reader says so and reads nothing beyond.</summary>
    [Theory]
    [InlineData(9)]
    [InlineData(1000)]
    [InlineData(100_000)]
    [InlineData(1_000_000)]
    public void Read_Truncated_IsRefused(int length)
    {
        byte[] truncated = pack.Sources.Detector.Content[..length];

        Assert.Throws<InvalidDataException>(() => TfliteModel.Read(truncated));
    }

    [Fact]
    public void Output_UnknownName_IsRefused() =>
        Assert.Throws<InvalidDataException>(() => TfliteModel.Read(pack.Sources.Detector.Content).Output("nose"));
}
