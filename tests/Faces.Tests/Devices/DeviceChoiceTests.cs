using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Devices;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Devices;

public sealed class DeviceChoiceTests
{
    [Theory]
    [InlineData("cpu", "cpu")]
    [InlineData("CPU", "cpu")]
    [InlineData("cuda", "cuda:0")]
    [InlineData("cuda:1", "cuda:1")]
    [InlineData("tensorrt:2", "tensorrt:2")]
    [InlineData("coreml", "coreml")]
    [InlineData("directml:1", "directml:1")]
    [InlineData("openvino", "openvino")]
    [InlineData("cuda,cpu", "cuda:0 cpu")]
    [InlineData("tensorrt, cuda:1 , cpu", "tensorrt:0 cuda:1 cpu")]
    [InlineData("cpu,cpu,cuda,cuda:0", "cpu cuda:0")]
    public void Parse_Devices_KeepsTheirOrder(string text, string wishes)
    {
        DeviceChoice choice = DeviceChoice.Parse(text);

        Assert.Equal(wishes, string.Join(' ', choice.Wishes));
        Assert.False(choice.IsAuto);
    }

    [Fact]
    public void Parse_Auto_EndsWithTheCpuAndNeverBuildsEngines()
    {
        DeviceChoice choice = DeviceChoice.Parse("Auto");

        Assert.True(choice.IsAuto);
        Assert.Equal(DeviceWish.Cpu, choice.Wishes[^1]);
        Assert.True(choice.Wishes.Count > 1);
        Assert.DoesNotContain(choice.Wishes, wish => wish.Provider == Provider.TensorRt);
        Assert.Equal(
            [new DeviceWish(Provider.TensorRt, 1), .. choice.Wishes],
            DeviceChoice.Parse("tensorrt:1,auto").Wishes
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("gpu")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda:+1")]
    [InlineData("cuda:1:2")]
    [InlineData("cuda: 1")]
    [InlineData("cpu:0")]
    [InlineData("auto:0")]
    [InlineData("cuda,")]
    [InlineData("cuda cpu")]
    [InlineData("cuda:99999999999")]
    public void Parse_NoDevice_IsRefusedWithAllThatThereAre(string text)
    {
        InvalidRecipeException e = Assert.Throws<InvalidRecipeException>(() => DeviceChoice.Parse(text));

        Assert.Equal("usage", e.Code);
        Assert.Contains(
            "auto, cpu, cuda[:N], tensorrt[:N], coreml, directml[:N], openvino",
            e.Message,
            StringComparison.Ordinal
        );
    }
}
