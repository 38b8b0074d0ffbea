using System.Numerics.Tensors;

namespace FaceFusion.Batch.Faces.Recognition;

/// <summary>
/// Arithmetic of embeddings. Sums go from first to last in double precision: vectors' sums begin where memory is aligned, so that their
/// last bits would depend on where an array lies.
/// </summary>
public static class Embeddings
{
    /// <summary>Cosine of two unit-length embeddings, -1 to 1.</summary>
    public static float Cosine(ReadOnlySpan<float> a, ReadOnlySpan<float> b) => (float)Dot(a, b);

    /// <summary>Euclidean length.</summary>
    public static float Length(ReadOnlySpan<float> values) => (float)Math.Sqrt(Dot(values, values));

    /// <summary>Scales <paramref name="values"/> to length 1; zeros stay zeros.</summary>
    public static void Normalise(ReadOnlySpan<float> values, Span<float> unit)
    {
        float length = Length(values);
        TensorPrimitives.Multiply(values, length > 0 ? 1 / length : 0, unit);
    }

    private static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(b.Length, a.Length, nameof(b));
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += (double)a[i] * b[i];
        }

        return sum;
    }
}
