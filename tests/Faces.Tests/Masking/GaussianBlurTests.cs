using FaceFusion.Batch.Faces.Masking;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Masking;

public sealed class GaussianBlurTests
{
    [Fact]
    public void Apply_AnyPlane_EqualsThePlainConvolution()
    {
        const int Size = 45;
        Random random = new(3);
        float[] plane = [.. Enumerable.Range(0, Size * Size).Select(_ => random.NextSingle())];
        foreach (float sigma in (float[])[0.4f, 5, 14])
        {
            float[] kernel = GaussianKernel.Of(sigma);
            int radius = kernel.Length / 2;
            float[] blurred = [.. plane];
            new GaussianBlur(Size, sigma).Apply(blurred);
            foreach ((int x, int y) in (ReadOnlySpan<(int, int)>)[(0, 0), (44, 3), (20, 44), (22, 22), (1, 30)])
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
}
