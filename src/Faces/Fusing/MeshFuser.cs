using System.Runtime.Intrinsics;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Faces.Landmarks;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Patches;
using FaceFusion.Batch.Imaging.Rasterizing;

namespace FaceFusion.Batch.Faces.Fusing;

/// <summary>
/// The built-in fuser: draws the source's unfolded face on the target's dense mesh, gives it the target's colour, light, sharpness and
/// grain, and blends it inside the oval of the face. No model of its own; one thread; no allocation once its buffers fit the largest face.
/// </summary>
public sealed class MeshFuser : IFaceFuser
{
    /// <summary>Degrees of yaw at which the swap begins to fade, and at which it is gone.</summary>
    private const float YawFadeFrom = 45;
    private const float YawFadeTo = 65;

    /// <summary>Mesh scores between which the swap fades in.</summary>
    private const float ScoreFadeFrom = 0.5f;
    private const float ScoreFadeTo = 0.8f;

    /// <summary>Faces narrower than this many pixels are left alone.</summary>
    private const float SmallestFace = 12;

    /// <summary>How much of the source's own face shape is taken over.</summary>
    private const float ShapeAmount = 1;

    /// <summary>Cosine of facing at which the surface is edge on, and from where it is opaque.</summary>
    private const float EdgeOn = -0.15f;
    private const float FullyFacing = 0.1f;
    private readonly MeshSource _source;
    private readonly SwapStep _step;
    private readonly MipTexture _texture;
    private readonly FaceColor _sourceColor;
    private readonly FaceShape _shape;
    private readonly MeshFacing _turned;
    private readonly LipBlend _lips;
    private readonly FusePatch _patch = new();
    private readonly KeptRegions _kept = new();
    private readonly DetailMatch _detail = new();
    private readonly LowBands _low = new();
    private readonly float[] _mesh = new float[CanonicalMesh.VertexCount * 3];
    private readonly float[] _facing = new float[CanonicalMesh.VertexCount];
    private readonly float[] _attributes = new float[CanonicalMesh.VertexCount * 4];

    public MeshFuser(MeshSource source, SwapStep step, YuvMatrix matrix)
    {
        _source = source;
        _step = step;
        _texture = source.Texture(matrix);
        _sourceColor = source.Color(matrix);
        _shape = new FaceShape(source.Atlas.Mesh);
        _lips = new LipBlend(source.Atlas);
        _turned = new MeshFacing(source.Atlas.Mesh);
        for (int i = 0; i < CanonicalMesh.VertexCount; i++)
        {
            _attributes[4 * i] = source.Atlas.Places[2 * i];
            _attributes[(4 * i) + 1] = source.Atlas.Places[(2 * i) + 1];
            _attributes[(4 * i) + 3] = source.Atlas.SkinWeights[i];
        }
    }

    /// <inheritdoc/>
    public PixelRect Region => _patch.Region;

    /// <inheritdoc/>
    public ReadOnlySpan<float> Mask => _patch.Mask;

    /// <inheritdoc/>
    public void Fuse(Frame frame, TrackedFace face)
    {
        _patch.Clear();
        float strength = (float)_step.Strength * Fade(face);
        float faceWidth = face.HasLandmarks ? FaceScale.Width(face.Landmarks) : 0;
        if (!(strength > 0) || !(faceWidth >= SmallestFace))
        {
            return;
        }

        _shape.Transfer(face.Landmarks, _source.Shape, ShapeAmount, _mesh);
        _lips.Apply(_mesh);
        PixelRect region = Around(_mesh, frame.Format, (float)_step.Feather * faceWidth);
        if (region.IsEmpty)
        {
            return;
        }

        _patch.Begin(region);
        PatchReader.Read(frame, region, _patch.TargetY, _patch.TargetCb, _patch.TargetCr);
        Draw(faceWidth, face.Color);
        float grain = _detail.Apply(_patch);
        _low.Find(_patch, faceWidth, (float)_step.Feather);
        _kept.Keep(_patch, face.Landmarks, faceWidth, _step.KeepMouth, _step.KeepEyes);
        Composing.Apply(_patch, _low, grain, frame.Number);
        PasteBack.Blend(frame, region, _patch.SourceY, _patch.SourceCb, _patch.SourceCr, _patch.Mask, strength);
    }

    /// <summary>Rasterises the mesh, samples the texture and joins texture opacity and facing.</summary>
    private void Draw(float faceWidth, in FaceColor color)
    {
        _turned.Find(_mesh, _facing);
        for (int i = 0; i < CanonicalMesh.VertexCount; i++)
        {
            _mesh[3 * i] -= _patch.Region.X;
            _mesh[(3 * i) + 1] -= _patch.Region.Y;
            _attributes[(4 * i) + 2] = Math.Clamp((_facing[i] - EdgeOn) / (FullyFacing - EdgeOn), 0, 1);
        }

        _source.Nose.LetThrough(_facing, _attributes.AsSpan(2), 4);
        float level = MathF.Log2(MathF.Max(_source.FaceTexels / faceWidth, 1e-3f));
        ColorMatch match = ColorMatch.Between(_sourceColor, color);
        for (int top = 0; top < _patch.Height; top += _patch.BandRows)
        {
            RasterTarget band = _patch.Band(top);
            TriangleRaster.Fill(_mesh, _attributes, _source.Atlas.Mesh.Triangles, band);
            Span<float> source = _patch.Source[(top * _patch.Width)..];
            TextureSampler.Sample(_texture, level, match.Gain, match.Offset, band, source, _patch.Stride);
            JoinOpacity(band);
        }
    }

    /// <summary>
    /// Where nothing was drawn the source becomes the target, so that no filter sees an edge there; where something was, facing counts.
    /// A vector does to eight pixels what it would to one.
    /// </summary>
    private void JoinOpacity(in RasterTarget band)
    {
        int first = band.Top * band.Width;
        int count = band.Height * band.Width;
        ReadOnlySpan<float> depth = band.Depth[..count];
        ReadOnlySpan<float> facing = band.C[..count];
        ReadOnlySpan<float> target = _patch.TargetY.Slice(first, count);
        Span<float> opacity = _patch.Opacity.Slice(first, count);
        Span<float> source = _patch.SourceY.Slice(first, count);
        Vector256<float> empty = Vector256.Create(RasterTarget.Empty);
        for (int i = 0; i < depth.Length; i += Lanes.Count)
        {
            Vector256<float> drawn = Vector256.LessThan(Lanes.Load(depth, i), empty);
            Lanes.Store((Lanes.Load(opacity, i) * Lanes.Load(facing, i)) & drawn, opacity, i);
            Lanes.Store(Vector256.ConditionalSelect(drawn, Lanes.Load(source, i), Lanes.Load(target, i)), source, i);
        }
    }

    private static float Fade(TrackedFace face)
    {
        float yaw = (YawFadeTo - MathF.Abs(face.Yaw)) / (YawFadeTo - YawFadeFrom);
        float score = (face.Score - ScoreFadeFrom) / (ScoreFadeTo - ScoreFadeFrom);
        return Smooth(yaw) * Smooth(score);
    }

    private static float Smooth(float t)
    {
        t = Math.Clamp(t, 0, 1);
        return t * t * (3 - (2 * t));
    }

    /// <summary>
    /// The part of the frame that the mesh and its feather can reach, grown to whole grains. Empty where the mesh is not finite or lies
    /// outside the frame.
    /// </summary>
    private static PixelRect Around(ReadOnlySpan<float> mesh, FrameFormat format, float feather)
    {
        float left = float.MaxValue;
        float right = float.MinValue;
        float top = float.MaxValue;
        float bottom = float.MinValue;
        for (int i = 0; i < mesh.Length; i += 3)
        {
            if (!float.IsFinite(mesh[i] + mesh[i + 1] + mesh[i + 2]))
            {
                return default;
            }

            left = MathF.Min(left, mesh[i]);
            right = MathF.Max(right, mesh[i]);
            top = MathF.Min(top, mesh[i + 1]);
            bottom = MathF.Max(bottom, mesh[i + 1]);
        }

        float margin = 2 + (feather * 0.5f);
        PixelRect inside = PixelRect.Around(
            left - margin,
            top - margin,
            right + margin,
            bottom + margin,
            format.Width,
            format.Height
        );
        if (inside.IsEmpty)
        {
            return default;
        }

        // Even corners keep whole chroma samples together.
        int x = inside.X & ~1;
        int y = inside.Y & ~1;
        return new PixelRect(x, y, Round(inside.Right - x), Round(inside.Bottom - y));

        static int Round(int length) => (length + FusePatch.Grain - 1) / FusePatch.Grain * FusePatch.Grain;
    }
}
