using FaceFusion.Batch.Faces.Landmarks;
using FaceFusion.Batch.Imaging.Rasterizing;

namespace FaceFusion.Batch.Faces.Fusing;

/// <summary>What is where in the atlas: the face, its plain skin, and how opaque a texel is for how well it is known.</summary>
internal static class AtlasRegions
{
    /// <summary>For each texel 1 on plain skin, 0 on features, −1 outside the face.</summary>
    public static float[] Skin(FaceAtlas atlas, int size)
    {
        float[] positions = new float[CanonicalMesh.VertexCount * 3];
        float[] attributes = new float[CanonicalMesh.VertexCount * 4];
        for (int i = 0; i < CanonicalMesh.VertexCount; i++)
        {
            positions[3 * i] = (atlas.Places[2 * i] * size) - 0.5f;
            positions[(3 * i) + 1] = (atlas.Places[(2 * i) + 1] * size) - 0.5f;
            attributes[4 * i] = atlas.SkinWeights[i];
        }

        int length = RasterTarget.RequiredLength(size, size);
        float[] skin = new float[length];
        float[] unused = new float[length];
        Array.Fill(skin, -1f);
        TriangleRaster.Fill(
            positions,
            attributes,
            atlas.Mesh.Triangles,
            new RasterTarget(size, size, new float[length], skin, unused, unused, unused)
        );
        return skin[..(size * size)];
    }

    /// <summary>Turns how well a texel is known into its opacity: what no photo shows lets the target through.</summary>
    public static void ToOpacity(float[] known)
    {
        const float Transparent = 0.06f;
        const float Opaque = 0.3f;
        for (int i = 0; i < known.Length; i++)
        {
            float t = Math.Clamp((known[i] - Transparent) / (Opaque - Transparent), 0, 1);
            known[i] = t * t * (3 - (2 * t));
        }
    }

    /// <summary>Mean and deviation at the skin vertices, so that they compare with the same points of a frame.</summary>
    public static FaceColor SkinColor(FaceAtlas atlas, MipTexture texture)
    {
        const int CoarseSize = 128;
        int level = Math.Max(0, int.Log2(texture.Size) - int.Log2(CoarseSize));
        int size = texture.Size >> level;
        ReadOnlySpan<float> texels = texture.Level(level);
        Span<double> sums = stackalloc double[3];
        Span<double> squares = stackalloc double[3];
        double count = 0;
        for (int i = 0; i < CanonicalMesh.VertexCount; i++)
        {
            if (atlas.SkinWeights[i] == 0)
            {
                continue;
            }

            int x = Math.Clamp((int)(atlas.Places[2 * i] * size), 0, size - 1);
            int y = Math.Clamp((int)(atlas.Places[(2 * i) + 1] * size), 0, size - 1);
            int at = ((y * size) + x) * 4;
            double weight = texels[at + 3] + 1e-3;
            count += weight;
            for (int k = 0; k < 3; k++)
            {
                sums[k] += weight * texels[at + k];
                squares[k] += weight * texels[at + k] * texels[at + k];
            }
        }

        Span<float> mean = stackalloc float[3];
        Span<float> deviation = stackalloc float[3];
        for (int k = 0; k < 3; k++)
        {
            mean[k] = (float)(sums[k] / count);
            deviation[k] = (float)Math.Sqrt(Math.Max(0, (squares[k] / count) - (mean[k] * (double)mean[k])));
        }

        return new FaceColor(mean[0], mean[1], mean[2], deviation[0], deviation[1], deviation[2]);
    }
}
