using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Faces.Landmarks;
using FaceFusion.Batch.Imaging.Masking;

namespace FaceFusion.Batch.Faces.Masking;

/// <summary>Lets through the convex outline of some of the face's 68 points. One thread; a call allocates nothing.</summary>
public sealed class AreaMask
{
    private readonly int _size;
    private readonly int[] _members;
    private readonly SoftEdge _edge;
    private readonly (float X, float Y)[] _corners;
    private readonly float[] _hull;

    /// <param name="areas">One hull around all that are named.</param>
    /// <param name="size">Edge of the masks in pixels.</param>
    public AreaMask(IReadOnlyList<FaceArea> areas, int size)
    {
        ArgumentOutOfRangeException.ThrowIfZero(areas.Count, nameof(areas));
        _size = size;
        _members = [.. areas.SelectMany(Points).Distinct()];
        _edge = new SoftEdge(size);
        _corners = new (float, float)[4 * _members.Length];
        _hull = new float[2 * (_corners.Length + 1)];
    }

    /// <param name="outline">x, y of the 68 points in pixels of the crop, as <see cref="OutlinePoints"/> orders them.</param>
    /// <param name="mask">Receives size × size values, 0 to 1.</param>
    public void Fill(ReadOnlySpan<float> outline, Span<float> mask)
    {
        // Half a pixel each way: a pixel whose centre lies on the outline belongs to it.
        for (int i = 0; i < _members.Length; i++)
        {
            float x = outline[2 * _members[i]];
            float y = outline[(2 * _members[i]) + 1];
            _corners[4 * i] = (x - 0.5f, y);
            _corners[(4 * i) + 1] = (x + 0.5f, y);
            _corners[(4 * i) + 2] = (x, y - 0.5f);
            _corners[(4 * i) + 3] = (x, y + 0.5f);
        }

        int corners = ConvexHull.Find(_corners, _hull);
        mask = mask[..(_size * _size)];
        mask.Clear();
        PolygonMask.Fill(_hull.AsSpan(0, 2 * corners), mask, _size, _size, 1);
        _edge.Apply(mask);
    }

    /// <summary>The points of the 300-W markup that bound an area.</summary>
    private static IEnumerable<int> Points(FaceArea area) =>
        area switch
        {
            FaceArea.UpperFace => [0, 1, 2, 14, 15, 16, .. Enumerable.Range(17, 10), .. Enumerable.Range(31, 5)],
            FaceArea.LowerFace => [.. Enumerable.Range(3, 11), .. Enumerable.Range(31, 5)],
            _ => Enumerable.Range(48, 20),
        };
}
