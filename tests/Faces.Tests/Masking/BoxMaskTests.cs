using System.Text.Json;
using FaceFusion.Batch.Faces.Masking;
using FaceFusion.Batch.Faces.Tests.Goldens;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Masking;

public sealed class BoxMaskTests
{
    [Fact]
    public void Fill_SizesBlursAndPaddings_AreThoseOfOpenCv()
    {
        ReadOnlySpan<float> golden = FusingGolden.Floats("boxes");
        foreach (JsonElement box in FusingGolden.Values.GetProperty("boxes").EnumerateArray())
        {
            int size = box.GetProperty("size").GetInt32();
            int[] padding = [.. box.GetProperty("padding").EnumerateArray().Select(v => v.GetInt32())];
            float[] mask = new float[size * size];
            BoxMask.Fill(
                mask,
                size,
                box.GetProperty("blur").GetSingle(),
                padding[0],
                padding[1],
                padding[2],
                padding[3]
            );

            // The same kernel; only the order of additions differs.
            for (int i = 0; i < size; i++)
            {
                Assert.Equal(golden[i], mask[(size / 2 * size) + i], 1e-5f);
                Assert.Equal(golden[size + i], mask[(i * size) + (size / 2)], 1e-5f);
                Assert.Equal(golden[(2 * size) + i], mask[(i * size) + i], 1e-5f);
            }

            golden = golden[(3 * size)..];
        }

        Assert.True(golden.IsEmpty);
    }

    /// <summary>Measured in FaceFusion's own masks at its default blur of 0.3.</summary>
    [Theory]
    [InlineData(128, 9, 4.75f, 39)]
    [InlineData(256, 19, 9.5f, 77)]
    [InlineData(512, 38, 19f, 153)]
    public void Fill_DefaultBlur_HasTheMeasuredBorderAndKernel(int size, int border, float sigma, int taps)
    {
        Assert.Equal(taps, GaussianKernel.Of(sigma).Length);
        JsonElement measured = FusingGolden
            .Values.GetProperty("boxes")
            .EnumerateArray()
            .First(b => b.GetProperty("size").GetInt32() == size);
        Assert.Equal(border, measured.GetProperty("border").GetInt32());
        Assert.Equal(sigma, measured.GetProperty("sigma").GetSingle());
        Assert.Equal(taps, measured.GetProperty("taps").GetInt32());

        // Half of a blurred step lies on the step: between the last zero and the first one.
        float[] mask = new float[size * size];
        BoxMask.Fill(mask, size, 0.3f, 0, 0, 0, 0);
        int middle = size / 2 * size;
        Assert.True(mask[middle + border - 1] < 0.5f && mask[middle + border] > 0.5f);
        Assert.Equal(1, mask[middle + (size / 2)], 1e-5f);
    }

    [Fact]
    public void Fill_NoBlur_KeepsABorderOfOnePixel()
    {
        float[] mask = new float[64];
        BoxMask.Fill(mask, 8, 0, 0, 0, 0, 50);
        for (int i = 0; i < 64; i++)
        {
            int x = i % 8,
                y = i / 8;
            Assert.Equal(x is >= 4 and < 7 && y is >= 1 and < 7 ? 1 : 0, mask[i]);
        }
    }
}
