using FaceFusion.Batch.Faces.Masking;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Masking;

public sealed class GaussianBlurTests
{
    [Fact]
    public void Apply_AnyPlane_EqualsThePlainConvolution()
    {
        const int Size = 141;
        Random random = new(3);
        float[] plane = [.. Enumerable.Range(0, Size * Size).Select(_ => random.NextSingle())];
        foreach (float sigma in (float[])[0.4f, 5, 14])
        {
            float[] kernel = GaussianKernel.Of(sigma);
            int radius = kernel.Length / 2;
            float[] blurred = [.. plane];
            new GaussianBlur(Size, sigma).Apply(blurred);
            foreach ((int x, int y) in (ReadOnlySpan<(int, int)>)[(0, 0), (140, 3), (20, 140), (128, 127), (1, 30)])
            {
                double sum = 0;
                for (int v = -radius; v <= radius; v++)
                {
                    for (int u = -radius; u <= radius; u++)
                    {
                        int at = (GaussianKernel.Reflect(y + v, Size) * Size) + GaussianKernel.Reflect(x + u, Size);
                        sum += (double)kernel[u + radius] * kernel[v + radius] * plane[at];
                    }
                }

                Assert.Equal(sum, blurred[(y * Size) + x], 1e-5);
            }
        }
    }

    [Fact]
    public void SumVector_AnyLength_HasTheBitsOfTheScalar()
    {
        Random random = new(1);
        float[] from = [.. Enumerable.Range(0, 900).Select(_ => random.NextSingle())];
        float[] half = [0.4f, 0.2f, 0.07f, 0.03f];
        int[] lines = [600, 3, 411, 77, 128, 411, 9];
        for (int length = 0; length <= 130; length++)
        {
            float[] scalar = new float[length],
                vector = new float[length];
            GaussianBlur.SumScalar(from, lines, half, scalar, 0);
            int done = GaussianBlur.SumVector(from, lines, half, vector);
            Assert.Equal(length / 8 * 8, done);
            GaussianBlur.SumScalar(from, lines, half, vector, done);
            Assert.Equal(scalar, vector);
        }
    }
}
