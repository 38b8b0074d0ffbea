using FaceFusion.Batch.Faces.Landmarks;
using FaceFusion.Batch.Imaging.Filtering;
using FaceFusion.Batch.Imaging.Masking;
using FaceFusion.Batch.Imaging.Patches;

namespace FaceFusion.Batch.Faces.Fusing;

/// <summary>Makes the source transparent over the target's mouth interior and eyes, with soft edges.</summary>
internal sealed class KeptRegions
{
    /// <summary>Radius of the soft edge in face widths.</summary>
    private const float Softness = 0.012f;

    /// <summary>The eye's ring is drawn this much smaller, so that the lid's rim is the source's.</summary>
    private const float EyeSize = 0.72f;
    private readonly float[] _corners = new float[2 * 64];
    private float[] _hole = [];
    private float[] _scratch = [];

    public void Keep(FusePatch patch, ReadOnlySpan<float> landmarks, float faceWidth, bool mouth, bool eyes)
    {
        int soft = Math.Max(1, (int)(faceWidth * Softness));
        if (mouth)
        {
            Cut(patch, landmarks, MeshRings.InnerLips, 1, soft);
        }

        if (eyes)
        {
            Cut(patch, landmarks, MeshRings.RightEye, EyeSize, soft);
            Cut(patch, landmarks, MeshRings.LeftEye, EyeSize, soft);
        }
    }

    private void Cut(FusePatch patch, ReadOnlySpan<float> landmarks, ReadOnlySpan<int> ring, float size, int soft)
    {
        float middleX = 0;
        float middleY = 0;
        foreach (int i in ring)
        {
            middleX += landmarks[3 * i] / ring.Length;
            middleY += landmarks[(3 * i) + 1] / ring.Length;
        }

        float left = float.MaxValue;
        float right = float.MinValue;
        float top = float.MaxValue;
        float bottom = float.MinValue;
        Span<float> corners = _corners.AsSpan(0, 2 * ring.Length);
        for (int i = 0; i < ring.Length; i++)
        {
            float x = middleX + ((landmarks[3 * ring[i]] - middleX) * size) - patch.Region.X;
            float y = middleY + ((landmarks[(3 * ring[i]) + 1] - middleY) * size) - patch.Region.Y;
            corners[2 * i] = x;
            corners[(2 * i) + 1] = y;
            left = MathF.Min(left, x);
            right = MathF.Max(right, x);
            top = MathF.Min(top, y);
            bottom = MathF.Max(bottom, y);
        }

        int reach = (3 * soft) + 1;
        PixelRect box = PixelRect.Around(
            left - reach,
            top - reach,
            right + reach,
            bottom + reach,
            patch.Width,
            patch.Height
        );
        if (box.IsEmpty)
        {
            return;
        }

        if (_hole.Length < box.Area)
        {
            _hole = new float[box.Area * 2];
            _scratch = new float[box.Area * 2];
        }

        for (int i = 0; i < ring.Length; i++)
        {
            corners[2 * i] -= box.X;
            corners[(2 * i) + 1] -= box.Y;
        }

        Span<float> hole = _hole.AsSpan(0, box.Area);
        hole.Clear();
        PolygonMask.Fill(corners, hole, box.Width, box.Height, 1);
        BoxBlur.Apply(hole, box.Width, box.Height, soft, 3, _scratch);
        Span<float> opacity = patch.Opacity;
        for (int y = 0; y < box.Height; y++)
        {
            Span<float> row = opacity.Slice(((y + box.Y) * patch.Width) + box.X, box.Width);
            for (int x = 0; x < row.Length; x++)
            {
                row[x] *= 1 - Math.Clamp(hole[(y * box.Width) + x], 0, 1);
            }
        }
    }
}
