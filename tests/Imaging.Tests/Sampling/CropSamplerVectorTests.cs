using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Geometry;
using FaceFusion.Batch.Imaging.Sampling;
using FaceFusion.Batch.Imaging.Tests.Support;

namespace FaceFusion.Batch.Imaging.Tests.Sampling;

public sealed unsafe class CropSamplerVectorTests
{
    private const int Width = 27;
    private const int Height = 19;

    [Fact]
    public void VectorRows_AnyPlaceAndFormat_EqualTheSpecification()
    {
        foreach (FrameFormat format in Formats.All(61, 45))
        {
            using OwnedFrame owned = OwnedFrame.Noise(format, 11);
            foreach ((float x, float y, float size, float angle) in Places)
            {
                AffineMatrix matrix = AffineMatrix.CropToFrame(x, y, size, angle, 19);
                foreach (SamplingPlan plan in Plans(format, matrix))
                {
                    if (format.BitDepth > 8)
                    {
                        AssertEqual<ushort, WordSamples>(owned.Frame, plan);
                    }
                    else
                    {
                        AssertEqual<byte, ByteSamples>(owned.Frame, plan);
                    }
                }
            }
        }
    }

    [Fact]
    public void VectorRows_PreparedPlanes_EqualTheSpecification()
    {
        foreach (FrameFormat format in Formats.All(161, 145))
        {
            using OwnedFrame owned = OwnedFrame.Noise(format, 11);
            foreach ((float x, float y, float size, float angle) in WidePlaces)
            {
                AffineMatrix matrix = AffineMatrix.CropToFrame(x, y, size, angle, 19);
                if (format.BitDepth > 8)
                {
                    AssertPrepared<ushort, WordSamples>(owned.Frame, matrix);
                }
                else
                {
                    AssertPrepared<byte, ByteSamples>(owned.Frame, matrix);
                }
            }
        }
    }

    [Fact]
    public void SeparableRows_MinifiedNotTurned_EqualTheSpecification()
    {
        foreach (FrameFormat format in Formats.All(151, 118))
        {
            using OwnedFrame owned = OwnedFrame.Noise(format, 17);
            foreach (
                (float a, float e) in (ReadOnlySpan<(float, float)>)
                    [(2.08f, 2.08f), (6.3f, 1.2f), (-2.5f, 3), (9.6f, 12.2f)]
            )
            {
                AffineMatrix matrix = new(a, 0, a < 0 ? 120.3f : -9.7f, 0, e, -5.2f);
                if (format.BitDepth > 8)
                {
                    AssertSeparable<ushort, WordSamples>(owned.Frame, matrix);
                }
                else
                {
                    AssertSeparable<byte, ByteSamples>(owned.Frame, matrix);
                }
            }
        }
    }

    private static void AssertPrepared<T, TKind>(Frame frame, AffineMatrix matrix)
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        SummedPart part = new(frame.Format, matrix, Width, Height);
        Assert.True(part.Planes.Luma.Paired);
        fixed (byte* luma = frame.Plane(0))
        fixed (byte* u = frame.Plane(1))
        fixed (byte* v = frame.Plane(2))
        fixed (ushort* lumaSums = new ushort[part.LumaWords])
        fixed (ushort* uSums = new ushort[part.ChromaWords])
        fixed (ushort* vSums = new ushort[part.ChromaWords])
        {
            part.Fill<T, TKind>((T*)luma, (T*)u, (T*)v, lumaSums, uSums, vSums);
            foreach (CropBorder border in (ReadOnlySpan<CropBorder>)[CropBorder.Black, CropBorder.Replicate])
            {
                SamplingPlan plan = new(frame.Format, part.Planes, part.Matrix, 1, 0, border, CropTaps.Mean);
                AssertEqual<ushort, WordSamples>(lumaSums, uSums, vSums, plan);
            }
        }
    }

    private static void AssertSeparable<T, TKind>(Frame frame, AffineMatrix matrix)
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        const int Wide = 45,
            High = 23;
        float[] scalar = new float[3 * Wide * High];
        float[] separable = new float[3 * Wide * High];
        SamplingPlan plan = new(frame.Format, matrix, 1, 0);
        Assert.True(CropSampler.IsSeparable(plan));
        fixed (byte* luma = frame.Plane(0))
        fixed (byte* u = frame.Plane(1))
        fixed (byte* v = frame.Plane(2))
        fixed (float* a = scalar)
        fixed (float* b = separable)
        {
            CropSampler.ScalarRows<T, TKind>((T*)luma, (T*)u, (T*)v, plan, Wide, High, a, 0);
            CropSampler.SeparableRows<T, TKind>((T*)luma, (T*)u, (T*)v, plan, Wide, High, b);
        }

        for (int i = 0; i < scalar.Length; i++)
        {
            Assert.Equal(scalar[i], separable[i], 0.01f);
        }
    }

    /// <summary>Inside, across each edge, magnified, minified, turned, and wholly outside.</summary>
    private static readonly (float X, float Y, float Size, float Angle)[] Places =
    [
        (30, 22, 19, 0),
        (30, 22, 17.3f, 0.4f),
        (2, 3, 25, -0.7f),
        (60, 44, 21, 2.1f),
        (30, 22, 90, 0.3f),
        (30, 22, 200, 0),
        (30, 22, 4, 1.1f),
        (300, -200, 30, 0.2f),
    ];

    /// <summary>
    /// The same, so far minified that planes are prepared: pairs alone, halved once and often, cut by edges, and wholly outside.
    /// </summary>
    private static readonly (float X, float Y, float Size, float Angle)[] WidePlaces =
    [
        (80, 70, 50, 0.1f),
        (80, 70, 66, 0.4f),
        (20, 13, 110, -0.7f),
        (150, 140, 170, 2.1f),
        (80, 70, 900, 0.3f),
        (600, -500, 130, 0.2f),
    ];

    /// <summary>As detectors cut, as the published face models were trained, and the two crossed.</summary>
    private static SamplingPlan[] Plans(FrameFormat format, AffineMatrix matrix) =>
        [
            new(format, matrix, 1 / 255f, -0.5f),
            new(format, matrix, 1 / 255f, -0.5f, CropBorder.Replicate, CropTaps.Single),
            new(format, matrix, 1 / 255f, -0.5f, CropBorder.Replicate, CropTaps.Mean),
            new(format, matrix, 1 / 255f, -0.5f, CropBorder.Black, CropTaps.Single),
        ];

    private static void AssertEqual<T, TKind>(Frame frame, in SamplingPlan plan)
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        fixed (byte* luma = frame.Plane(0))
        fixed (byte* u = frame.Plane(1))
        fixed (byte* v = frame.Plane(2))
        {
            AssertEqual<T, TKind>((T*)luma, (T*)u, (T*)v, plan);
        }
    }

    private static void AssertEqual<T, TKind>(T* luma, T* u, T* v, in SamplingPlan plan)
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        float[] scalar = new float[3 * Width * Height];
        float[] vector = new float[3 * Width * Height];
        fixed (float* a = scalar)
        fixed (float* b = vector)
        {
            CropSampler.ScalarRows<T, TKind>(luma, u, v, plan, Width, Height, a, 0);
            int done = CropSampler.VectorRows<T, TKind>(luma, u, v, plan, Width, Height, b);
            Assert.Equal(24, done);
            CropSampler.ScalarRows<T, TKind>(luma, u, v, plan, Width, Height, b, done);
        }

        Assert.Equal(scalar, vector);
    }
}
