namespace FaceFusion.Batch.Faces.Finding;

/// <summary>A box that a detector takes for a face, before boxes of the same face are told from each other. In pixels.</summary>
internal struct FaceCandidate
{
    /// <summary>Pixels that the points lie away from the first, together: less gives no similarity to align by.</summary>
    private const float SmallestSpread = 1e-3f;

    public float Left;
    public float Top;
    public float Right;
    public float Bottom;

    /// <summary>0 to 1.</summary>
    public float Score;

    public FivePoints Points;

    /// <summary>False for what only a broken or a foreign network answers with: a box without area, points in one place, no numbers.</summary>
    public readonly bool IsFace
    {
        get
        {
            ReadOnlySpan<float> points = Points;
            float sum = Left + Top + Right + Bottom + Score;
            float spread = 0;
            for (int i = 0; i < points.Length; i++)
            {
                sum += points[i];
                spread += MathF.Abs(points[i] - points[i & 1]);
            }

            return float.IsFinite(sum) && Right > Left && Bottom > Top && spread > SmallestSpread;
        }
    }
}
