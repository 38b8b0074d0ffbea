using FaceFusion.Batch.Faces.Landmarks;
using FaceFusion.Batch.Imaging.Filtering;
using FaceFusion.Batch.Imaging.Rasterizing;

namespace FaceFusion.Batch.Faces.Fusing;

/// <summary>What is where in the atlas: the face, its plain skin, and the colour of that.</summary>
internal sealed class AtlasRegions
{
    /// <summary>How far filled skin is shown around the known face, in centimetres of the canonical face, and how soon it is shown whole.</summary>
    private const float RevealRadius = 0.8f;
    private const float RevealGain = 2.2f;

    private AtlasRegions(float[] skin, float[] rim)
    {
        Skin = skin;
        Rim = rim;
    }

    /// <summary>For each texel 1 on plain skin, 0 on features, −1 outside the face.</summary>
    public float[] Skin { get; }

    /// <summary>For each texel 1 on the outline of the face, 0 well inside.</summary>
    public float[] Rim { get; }

    public static AtlasRegions Of(FaceAtlas atlas, int size)
    {
        float[] positions = new float[CanonicalMesh.VertexCount * 3];
        float[] attributes = new float[CanonicalMesh.VertexCount * 4];
        for (int i = 0; i < CanonicalMesh.VertexCount; i++)
        {
            positions[3 * i] = (atlas.Places[2 * i] * size) - 0.5f;
            positions[(3 * i) + 1] = (atlas.Places[(2 * i) + 1] * size) - 0.5f;
            attributes[4 * i] = atlas.SkinWeights[i];
            attributes[(4 * i) + 1] = atlas.RimWeights[i];
        }

        int length = RasterTarget.RequiredLength(size, size);
        float[] skin = new float[length];
        float[] rim = new float[length];
        float[] unused = new float[length];
        Array.Fill(skin, -1f);
        TriangleRaster.Fill(
            positions,
            attributes,
            atlas.Mesh.Triangles,
            new RasterTarget(size, size, new float[length], skin, rim, unused, unused)
        );
        return new AtlasRegions(skin[..(size * size)], rim[..(size * size)]);
    }

    /// <summary>
    /// Hides the outer parts of the face that a photo shows edge on, which are ear, hair and background as often as cheek, and softens
    /// the edge of what is shown towards the inside.
    /// </summary>
    public void Trim(AtlasPlanes face)
    {
        int size = face.Size;
        for (int i = 0; i < face.Opacity.Length; i++)
        {
            float squarely = Math.Clamp((face.Known[i] - 0.15f) / 0.25f, 0, 1);
            face.Opacity[i] *= Skin[i] < 0 ? 0 : 1 - (Rim[i] * (1 - squarely));
        }

        float[] soft = (float[])face.Opacity.Clone();
        for (int i = 0; i < soft.Length; i++)
        {
            // Nothing is softened towards the outline itself: there the feather does it, in the frame.
            soft[i] = Skin[i] < 0 ? 1 : soft[i];
        }

        BoxBlur.Apply(soft, size, size, Math.Max(1, size / 90), 3, new float[soft.Length]);
        for (int i = 0; i < soft.Length; i++)
        {
            float t = Math.Clamp((soft[i] - 0.5f) / 0.45f, 0, 1);
            face.Opacity[i] = MathF.Min(face.Opacity[i], t * t * (3 - (2 * t)));
        }
    }

    /// <summary>
    /// Lets what was filled in beside the known face be shown, the less the further it lies from there: the feather then runs out over
    /// plain skin and takes nothing of brows and eyes with it.
    /// </summary>
    public void Reveal(AtlasPlanes face)
    {
        int size = face.Size;
        float[] near = new float[face.Opacity.Length];
        float[] inside = new float[near.Length];
        for (int i = 0; i < near.Length; i++)
        {
            inside[i] = Skin[i] < 0 ? 0 : 1;
            near[i] = face.Opacity[i] * inside[i];
        }

        int radius = Math.Max(1, (int)(RevealRadius / FaceAtlas.Span * size));
        float[] scratch = new float[near.Length];
        BoxBlur.Apply(near, size, size, radius, 3, scratch);
        BoxBlur.Apply(inside, size, size, radius, 3, scratch);
        for (int i = 0; i < near.Length; i++)
        {
            if (Skin[i] >= 0)
            {
                float t = Math.Clamp(near[i] / MathF.Max(inside[i], 1e-3f) * RevealGain, 0, 1);
                face.Opacity[i] = MathF.Max(face.Opacity[i], t * t * (3 - (2 * t)));
            }
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
