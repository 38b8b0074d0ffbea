using FaceFusion.Batch.Imaging.Filtering;
using FaceFusion.Batch.Imaging.Tests.Support;

namespace FaceFusion.Batch.Imaging.Tests.Filtering;

public sealed class ScalingTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void Downscale_AnySize_IsTheMeanOfEachBlock(int factor)
    {
        foreach ((int width, int height) in (ReadOnlySpan<(int, int)>)[(1, 1), (16, 8), (37, 29), (64, 3), (101, 50)])
        {
            Random random = new(width);
            float[] plane = [.. Enumerable.Range(0, width * height).Select(_ => 255 * random.NextSingle())];
            int smallWidth = Downscale.Size(width, factor),
                smallHeight = Downscale.Size(height, factor);
            float[] small = new float[smallWidth * smallHeight];
            Downscale.Apply(plane, width, height, factor, small);
            for (int i = 0; i < small.Length; i++)
            {
                int left = i % smallWidth * factor,
                    top = i / smallWidth * factor;
                double expected = Enumerable
                    .Range(0, factor * factor)
                    .Select(k => (X: left + (k % factor), Y: top + (k / factor)))
                    .Where(at => at.X < width && at.Y < height)
                    .Average(at => plane[(at.Y * width) + at.X]);
                Assert.Equal(expected, small[i], 1e-3);
            }
        }
    }

    [Fact]
    public void SumColumnsVector_AnyLength_EqualsTheSpecification()
    {
        Random random = new(1);
        for (int width = 1; width <= 130; width++)
        {
            float[] block = [.. Enumerable.Range(0, width * 4).Select(_ => random.NextSingle())];
            float[] scalar = new float[width],
                vector = new float[width];
            Downscale.SumColumnsScalar(block, width, 4, scalar, 0);
            int done = Downscale.SumColumnsVector(block, width, 4, vector);
            Downscale.SumColumnsScalar(block, width, 4, vector, done);
            Assert.Equal(scalar, vector);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void SpreadVector_AnyLength_EqualsTheSpecification(int factor)
    {
        Random random = new(1);
        for (int width = 1; width <= 130; width++)
        {
            int count = Downscale.Size(width, factor);
            float[] line = [.. Enumerable.Range(0, count + 8).Select(i => i < count ? random.NextSingle() : 0)];
            float[] scalar = new float[width],
                vector = new float[width];
            Upscale.SpreadScalar(line, count, factor, scalar, 0);
            int done = Upscale.SpreadVector(line, count, factor, vector);
            Assert.Equal(width / 8 * 8, done);
            Upscale.SpreadScalar(line, count, factor, vector, done);
            Assert.Equal(scalar, vector);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void Upscale_AfterDownscale_KeepsARampInside(int factor)
    {
        const int Width = 64,
            Height = 48;
        float[] ramp = [.. Enumerable.Range(0, Width * Height).Select(i => (2f * (i % Width)) + (3f * (i / Width)))];
        float[] small = new float[Downscale.Size(Width, factor) * Downscale.Size(Height, factor)];
        float[] back = new float[ramp.Length];
        Downscale.Apply(ramp, Width, Height, factor, small);
        Upscale.Apply(small, factor, back, Width, Height);
        for (int y = factor; y < Height - factor; y++)
        {
            for (int x = factor; x < Width - factor; x++)
            {
                Assert.Equal(ramp[(y * Width) + x], back[(y * Width) + x], 1e-3f);
            }
        }
    }

    [Fact]
    public void Apply_AnotherFactor_IsRefused()
    {
        Assert.ThrowsAny<ArgumentException>(() => Downscale.Apply(new float[9], 3, 3, 3, new float[9]));
        Assert.ThrowsAny<ArgumentException>(() => Upscale.Apply(new float[9], 3, new float[9], 3, 3));
    }

    [Fact]
    public void Apply_Twice_AllocatesNothing()
    {
        float[] plane = new float[170 * 210],
            small = new float[43 * 53];
        Assert.Equal(0, Allocations.Of(() => Downscale.Apply(plane, 170, 210, 4, small)));
        Assert.Equal(0, Allocations.Of(() => Upscale.Apply(small, 4, plane, 170, 210)));
    }
}
