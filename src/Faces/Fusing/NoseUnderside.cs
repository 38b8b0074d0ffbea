using FaceFusion.Batch.Faces.Landmarks;

namespace FaceFusion.Batch.Faces.Fusing;

/// <summary>
/// A photo from above, or one lit by a flash, shows no nostrils. A target that shows the nose from below would get a face without any, so
/// there its own are let through: the more, the further the texture would be stretched.
/// </summary>
internal sealed class NoseUnderside
{
    /// <summary>How many times more squarely the target may show a vertex before its own nose begins to show, and is all that shows.</summary>
    private const float Tolerated = 1.2f;
    private const float Excessive = 2f;
    private const float LeastFacing = 0.05f;

    /// <summary>Luma of a nose's darkest part, relative to the skin's, at which nostrils are surely seen, and surely not.</summary>
    private const float SeenLuma = 0.65f;
    private const float UnseenLuma = 0.85f;
    private const int DarkestShare = 10;
    private readonly int[] _vertices;
    private readonly float[] _facing = new float[CanonicalMesh.VertexCount];
    private readonly float _missing;

    /// <param name="atlas">Says which vertices are the nose's.</param>
    /// <param name="face">The picture made from the photos.</param>
    /// <param name="skin">1 on plain skin, 0 on features, for each texel.</param>
    /// <param name="photos">The facing of each vertex in each photo; the best counts.</param>
    public NoseUnderside(FaceAtlas atlas, AtlasPlanes face, float[] skin, IEnumerable<float[]> photos)
    {
        _vertices = [.. atlas.Inside(MeshRings.Nose)];
        foreach (float[] facing in photos)
        {
            foreach (int i in _vertices)
            {
                _facing[i] = MathF.Max(_facing[i], MathF.Max(facing[i], facing[atlas.Mesh.Mirror[i]]));
            }
        }

        float darkest = Darkest(atlas, face) / AtlasBlend.SkinMean(face.Y, face.Known, skin);
        _missing = Math.Clamp((darkest - SeenLuma) / (UnseenLuma - SeenLuma), 0, 1);
    }

    /// <summary>Lowers the opacities of the nose's vertices, <paramref name="step"/> values apart.</summary>
    public void LetThrough(ReadOnlySpan<float> facing, Span<float> opacities, int step)
    {
        if (_missing == 0)
        {
            return;
        }

        foreach (int i in _vertices)
        {
            float stretch = facing[i] / MathF.Max(_facing[i], LeastFacing);
            float share = Math.Clamp((stretch - Tolerated) / (Excessive - Tolerated), 0, 1);
            opacities[i * step] *= 1 - (_missing * share);
        }
    }

    /// <summary>Luma under which a tenth of the nose's triangles lie.</summary>
    private float Darkest(FaceAtlas atlas, AtlasPlanes face)
    {
        HashSet<int> nose = [.. _vertices];
        List<float> lumas = [];
        foreach (int[] triangle in atlas.Mesh.Triangles.Chunk(3))
        {
            if (triangle.All(nose.Contains))
            {
                int x = (int)(triangle.Average(i => atlas.Places[2 * i]) * face.Size);
                int y = (int)(triangle.Average(i => atlas.Places[(2 * i) + 1]) * face.Size);
                lumas.Add(face.Y[(y * face.Size) + x]);
            }
        }

        lumas.Sort();
        return lumas[lumas.Count / DarkestShare];
    }
}
