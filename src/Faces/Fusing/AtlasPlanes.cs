namespace FaceFusion.Batch.Faces.Fusing;

/// <summary>
/// A square picture of the unfolded face: Y, Cb, Cr (full range BT.601), how well each texel is known, and how much of it may be shown,
/// both 0 to 1.
/// </summary>
internal sealed class AtlasPlanes(int size)
{
    public int Size { get; } = size;

    public float[] Y { get; } = new float[size * size];

    public float[] Cb { get; } = new float[size * size];

    public float[] Cr { get; } = new float[size * size];

    public float[] Known { get; } = new float[size * size];

    public float[] Opacity { get; } = new float[size * size];

    public float[][] Colors => [Y, Cb, Cr];
}
