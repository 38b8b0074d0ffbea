using FaceFusion.Batch.Faces.Landmarks;
using FaceFusion.Batch.Faces.Scanning;
using FaceFusion.Batch.Imaging.Color;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Rasterizing;

namespace FaceFusion.Batch.Faces.Fusing;

/// <summary>
/// One person's face as the mesh fuser wears it: a texture of the unfolded face made from all photos, its colour statistics and the shape
/// of the face. Built once per job, then read by any number of threads.
/// </summary>
public sealed class MeshSource
{
    private const int SmallestAtlas = 256;
    private const int LargestAtlas = 1024;
    private readonly AtlasPlanes _face;
    private readonly float[] _shape;
    private readonly MipTexture?[] _textures = new MipTexture?[Enum.GetValues<YuvMatrix>().Length];
    private readonly Lock _gate = new();

    private MeshSource(FaceAtlas atlas, AtlasPlanes face, float[] shape, NoseUnderside nose, float faceTexels)
    {
        Nose = nose;
        Atlas = atlas;
        _face = face;
        _shape = shape;
        FaceTexels = faceTexels;
    }

    internal FaceAtlas Atlas { get; }

    /// <summary>Width of a face in texels of the full-size texture.</summary>
    internal float FaceTexels { get; }

    /// <summary>Where the target's own nose shows.</summary>
    internal NoseUnderside Nose { get; }

    /// <summary>The person's neutral geometry: x, y, z of each vertex in the space of the canonical mesh.</summary>
    internal ReadOnlySpan<float> Shape => _shape;

    /// <summary>Bakes the photos of one person. The most frontal and finest leads; the others fill in what it does not show well.</summary>
    /// <exception cref="ArgumentException">No photo.</exception>
    public static MeshSource Build(CanonicalMesh mesh, IReadOnlyList<SourceFace> photos)
    {
        ArgumentOutOfRangeException.ThrowIfZero(photos.Count);
        FaceAtlas atlas = new(mesh);
        SourceFace[] ordered = [.. photos.OrderByDescending(Merit)];
        float finest = ordered.Max(photo => FaceScale.Width(photo.Landmarks));
        int size = SmallestAtlas;
        while (size < LargestAtlas && size * FaceWidthShare < finest)
        {
            size *= 2;
        }

        AtlasRegions regions = AtlasRegions.Of(atlas, size);
        int mouthRow = (int)(atlas.MouthRow * size);
        LipBlend lips = new(atlas);
        List<AtlasPlanes> layers = [];
        foreach (SourceFace photo in ordered)
        {
            AtlasPlanes layer = PhotoLayer.Bake(atlas, lips, photo, size);
            SkinValidity.Apply(layer, regions, mouthRow);
            layers.Add(layer);
        }

        AtlasPlanes face = AtlasBlend.Combine(layers, regions.Skin);
        AtlasBlend.FillFromMirror(face);
        AtlasBlend.CalmChroma(face, regions.Skin);
        regions.Trim(face);
        float[] sure = [.. face.Opacity.Select(opacity => Math.Clamp((opacity - 0.6f) * 2.5f, 0, 1))];
        foreach (float[] plane in face.Colors)
        {
            HoleFill.Apply(plane, sure, size);
        }

        regions.Reveal(face);

        MeshFacing turned = new(mesh);
        NoseUnderside nose = new(atlas, face, regions.Skin, ordered.Select(photo => turned.Of(photo.Landmarks)));
        return new MeshSource(atlas, face, FaceShape.Mean(mesh, ordered), nose, size * FaceWidthShare);
    }

    /// <summary>The texture in the YUV of that matrix: Y 0 to 255, Cb and Cr about 0, and opacity 0 to 1. Made on first use.</summary>
    internal MipTexture Texture(YuvMatrix matrix)
    {
        lock (_gate)
        {
            return _textures[(int)matrix] ??= Convert(_face, matrix);
        }
    }

    /// <summary>Mean and deviation of the skin in the texture of that matrix.</summary>
    internal FaceColor Color(YuvMatrix matrix) => AtlasRegions.SkinColor(Atlas, Texture(matrix));

    /// <summary>How much of the atlas a face's width takes.</summary>
    private static float FaceWidthShare => 15.3f / FaceAtlas.Span;

    /// <summary>A photo leads when its face is wide in pixels and looks at the camera.</summary>
    private static float Merit(SourceFace photo)
    {
        float turned = MathF.Cos(Math.Clamp(photo.Yaw, -80, 80) * MathF.PI / 180);
        return MathF.Min(FaceScale.Width(photo.Landmarks), 256) * turned * turned * turned * turned;
    }

    private static MipTexture Convert(AtlasPlanes face, YuvMatrix matrix)
    {
        YuvCoefficients from = YuvCoefficients.Of(YuvMatrix.Bt601);
        YuvCoefficients to = YuvCoefficients.Of(matrix);
        float[] texels = new float[face.Y.Length * 4];
        for (int i = 0; i < face.Y.Length; i++)
        {
            float red = face.Y[i] + (from.RedPerCr * face.Cr[i]);
            float green = face.Y[i] + (from.GreenPerCb * face.Cb[i]) + (from.GreenPerCr * face.Cr[i]);
            float blue = face.Y[i] + (from.BluePerCb * face.Cb[i]);
            float luma = (to.Kr * red) + (to.Kg * green) + (to.Kb * blue);
            texels[4 * i] = luma;
            texels[(4 * i) + 1] = (blue - luma) / to.BluePerCb;
            texels[(4 * i) + 2] = (red - luma) / to.RedPerCr;
            texels[(4 * i) + 3] = face.Opacity[i];
        }

        return new MipTexture(texels, face.Size);
    }
}
