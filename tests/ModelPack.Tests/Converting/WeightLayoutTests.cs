using FaceFusion.Batch.ModelPack.Converting;

namespace FaceFusion.Batch.ModelPack.Tests.Converting;

public sealed class WeightLayoutTests
{
    [Fact]
    public void Permute_OutHwInToOutInHw_MovesTheLastAxis()
    {
        // One output, one row of two places, three inputs.
        float[] values = [1, 2, 3, 4, 5, 6];

        Assert.Equal([1, 4, 2, 5, 3, 6], WeightLayout.Permute(values, [1, 1, 2, 3], 0, 3, 1, 2));
    }

    /// <summary>TFLite puts the odd zero at the end; the values are those of its documentation.</summary>
    [Theory]
    [InlineData(192, 3, 2, 1, 0, 1)]
    [InlineData(48, 3, 1, 1, 1, 1)]
    [InlineData(7, 2, 2, 1, 0, 1)]
    [InlineData(10, 3, 1, 2, 2, 2)]
    [InlineData(6, 2, 2, 1, 0, 0)]
    public void SamePadding_Axis_GivesCeilingOfOutputs(
        int length,
        int kernel,
        int stride,
        int dilation,
        int begin,
        int end
    ) => Assert.Equal((begin, end), WeightLayout.SamePadding(length, kernel, stride, dilation));
}
