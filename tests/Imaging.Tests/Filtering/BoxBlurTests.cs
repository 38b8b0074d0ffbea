using FaceFusion.Batch.Imaging.Filtering;
using FaceFusion.Batch.Imaging.Tests.Support;

namespace FaceFusion.Batch.Imaging.Tests.Filtering;

public sealed unsafe class BoxBlurTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 40)]
    [InlineData(37, 1)]
    [InlineData(8, 8)]
    [InlineData(40, 33)]
    [InlineData(67, 45)]
    public void DownVector_AnySize_EqualsTheSpecification(int width, int height)
    {
        float[] from = Random(width * height, 1);
        foreach (int radius in (int[])[1, 2, 7, 60])
        {
            float[] scalar = new float[from.Length],
                vector = new float[from.Length];
            BoxBlur.DownScalar(from, scalar, width, height, radius);
            fixed (float* source = from)
            fixed (float* target = vector)
            {
                int done = BoxBlur.DownVector(source, target, width, height, radius);
                Assert.Equal(width / 8 * 8, done);
                BoxBlur.DownScalar(from, vector, width, height, radius, done);
            }

            Assert.Equal(scalar, vector);
        }
    }

    [Theory]
    [InlineData(1, 1, 3, 1)]
    [InlineData(31, 22, 1, 1)]
    [InlineData(31, 22, 4, 2)]
    [InlineData(64, 40, 5, 3)]
    [InlineData(13, 50, 30, 3)]
    [InlineData(19, 9, 2, 4)]
    public void Apply_Noise_IsTheMeanOfTheBox(int width, int height, int radius, int passes)
    {
        float[] plane = Random(width * height, 2);
        double[] expected = [.. plane];
        for (int pass = 0; pass < passes; pass++)
        {
            expected = Box(Box(expected, width, height, radius, 1, 0), width, height, radius, 0, 1);
        }

        BoxBlur.Apply(plane, width, height, radius, passes, new float[plane.Length]);
        for (int i = 0; i < plane.Length; i++)
        {
            Assert.Equal(expected[i], plane[i], 2e-3);
        }
    }

    [Fact]
    public void Apply_RadiusOrPassesZero_KeepsThePlane()
    {
        float[] plane = Random(100, 3);
        float[] before = [.. plane];
        BoxBlur.Apply(plane, 10, 10, 0, 3, new float[100]);
        BoxBlur.Apply(plane, 10, 10, 3, 0, new float[100]);
        Assert.Equal(before, plane);
    }

    [Fact]
    public void Apply_ShortScratch_IsRefused() =>
        Assert.ThrowsAny<ArgumentException>(() => BoxBlur.Apply(new float[100], 10, 10, 1, 1, new float[99]));

    [Fact]
    public void Apply_Twice_AllocatesNothing()
    {
        float[] plane = Random(170 * 210, 4),
            scratch = new float[170 * 210];
        Assert.Equal(0, Allocations.Of(() => BoxBlur.Apply(plane, 170, 210, 12, 3, scratch)));
    }

    private static float[] Random(int count, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => 255 * random.NextSingle())];
    }

    /// <summary>The plain definition: each value the mean of its 2·radius + 1 neighbours along one axis, the edge repeated.</summary>
    private static double[] Box(double[] plane, int width, int height, int radius, int dx, int dy)
    {
        double[] into = new double[plane.Length];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                double sum = 0;
                for (int i = -radius; i <= radius; i++)
                {
                    int column = Math.Clamp(x + (i * dx), 0, width - 1);
                    int row = Math.Clamp(y + (i * dy), 0, height - 1);
                    sum += plane[(row * width) + column];
                }

                into[(y * width) + x] = sum / ((2 * radius) + 1);
            }
        }

        return into;
    }
}
