using System.Numerics.Tensors;

namespace FaceFusion.Batch.Faces.Recognition;

/// <summary>Arithmetic of unit-length embeddings.</summary>
public static class Embeddings
{
    /// <summary>Cosine of two unit-length embeddings, -1 to 1.</summary>
    public static float Cosine(ReadOnlySpan<float> a, ReadOnlySpan<float> b) => TensorPrimitives.Dot(a, b);

    /// <summary>Scales <paramref name="values"/> to length 1; zeros stay zeros.</summary>
    public static void Normalise(ReadOnlySpan<float> values, Span<float> unit)
    {
        float length = TensorPrimitives.Norm(values);
        TensorPrimitives.Multiply(values, length > 0 ? 1 / length : 0, unit);
    }
}
