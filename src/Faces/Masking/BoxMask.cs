using System.Numerics.Tensors;

namespace FaceFusion.Batch.Faces.Masking;

/// <summary>The mask that feathers the edges of a square crop.</summary>
public static class BoxMask
{
    /// <summary>
    /// Fills a mask of <paramref name="size"/> × <paramref name="size"/>: ones, a border of zeros, blurred. With
    /// <c>n = ⌊size / 2 · blur⌋</c> the border is <c>max(⌊n / 2⌋, 1)</c> pixels, or the side's padding where that is more, and the blur a
    /// Gaussian of σ = n / 4.
    /// </summary>
    /// <param name="blur">0 to 1.</param>
    /// <param name="top">Padding in percent of the size, 0 to 100; the others likewise.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range, or the mask too short.</exception>
    public static void Fill(Span<float> mask, int size, float blur, int top, int right, int bottom, int left)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(mask.Length, size * size, nameof(mask));
        if (!(blur is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(blur), blur, "Must be 0 to 1.");
        }

        // Through decimal: 0.7f is a little less than 0.7, and the product is cut to a whole number.
        int amount = (int)(size * 0.5 * (double)(decimal)blur);
        int border = Math.Max(amount / 2, 1);
        float[] across = Profile(size, amount, Side(left, border, size), Side(right, border, size));
        float[] down = Profile(size, amount, Side(top, border, size), Side(bottom, border, size));

        // A Gaussian is separable and so is a box: the blurred box is the product of two blurred lines.
        for (int y = 0; y < size; y++)
        {
            TensorPrimitives.Multiply(across, down[y], mask.Slice(y * size, size));
        }
    }

    private static int Side(int padding, int border, int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(padding, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(padding, 100);
        return Math.Max(border, (int)(size * padding / 100.0));
    }

    private static float[] Profile(int size, int amount, int before, int after)
    {
        float[] line = new float[size];
        for (int i = before; i < size - after; i++)
        {
            line[i] = 1;
        }

        if (amount == 0)
        {
            return line;
        }

        ReadOnlySpan<float> kernel = GaussianKernel.Of(amount * 0.25f);
        int radius = kernel.Length / 2;
        float[] blurred = new float[size];
        for (int i = 0; i < size; i++)
        {
            float sum = 0;
            for (int tap = -radius; tap <= radius; tap++)
            {
                sum += kernel[tap + radius] * line[GaussianKernel.Reflect(i + tap, size)];
            }

            blurred[i] = sum;
        }

        return blurred;
    }
}
