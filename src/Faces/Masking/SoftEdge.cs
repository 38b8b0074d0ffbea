using System.Numerics.Tensors;

namespace FaceFusion.Batch.Faces.Masking;

/// <summary>
/// Gives a mask of zeros and ones a soft edge that lies wholly inside it: a Gaussian of σ = 5 pixels, of which only the upper half is
/// kept, so that the edge itself is where the mask ends.
/// </summary>
public sealed class SoftEdge
{
    private const float Sigma = 5;

    private readonly GaussianBlur _blur;

    /// <param name="size">Edge of the masks in pixels.</param>
    public SoftEdge(int size) => _blur = new GaussianBlur(size, Sigma);

    /// <summary>Works in place; values outside 0 to 1 are clamped first.</summary>
    public void Apply(Span<float> mask)
    {
        TensorPrimitives.Clamp(mask, 0, 1, mask);
        _blur.Apply(mask);
        TensorPrimitives.Clamp(mask, 0.5f, 1, mask);
        TensorPrimitives.Subtract(mask, 0.5f, mask);
        TensorPrimitives.Multiply(mask, 2, mask);
    }
}
