using System.Numerics;
using FaceFusion.Batch.Imaging.Rasterizing;

namespace FaceFusion.Batch.Imaging.Tests.Rasterizing;

/// <summary>Triangles and textures: the vector paths give the bits of their specifications, and nothing is written where it must not be.</summary>
public sealed class RasterizingTests
{
    private const int Width = 61;
    private const int Height = 47;
    private readonly Random _random = new(11);

    [Fact]
    public void Draw_Vector_EqualsScalar()
    {
        float[][] scalar = Planes();
        float[][] vector = Planes();
        float[] positions = new float[120 * 3];
        float[] attributes = new float[120 * 4];
        for (int i = 0; i < 120; i++)
        {
            positions[3 * i] = (_random.NextSingle() * 90) - 15;
            positions[(3 * i) + 1] = (_random.NextSingle() * 70) - 12;
            positions[(3 * i) + 2] = _random.NextSingle() * 9;
            attributes[4 * i] = _random.NextSingle();
            attributes[(4 * i) + 3] = _random.NextSingle();
        }

        for (int i = 0; i < 120; i += 3)
        {
            if (TriangleRaster.Setup.TryMake(positions, attributes, [i, i + 1, i + 2], Target(scalar), out var setup))
            {
                TriangleRaster.DrawScalar(setup, Target(scalar));
                TriangleRaster.DrawVector(setup, Target(vector));
            }
        }

        for (int plane = 0; plane < scalar.Length; plane++)
        {
            Assert.Equal(scalar[plane], vector[plane]);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(46)]
    public void Fill_InBands_IsAsIfDrawnAtOnce(int rows)
    {
        float[] positions = new float[120 * 3];
        float[] attributes = new float[120 * 4];
        for (int i = 0; i < 120; i++)
        {
            positions[3 * i] = (_random.NextSingle() * 90) - 15;
            // One side of each lies on a row, as the bands' edges do.
            float y = (_random.NextSingle() * 70) - 12;
            positions[(3 * i) + 1] = (i % 3) switch
            {
                0 => MathF.Round(y),
                1 => positions[(3 * i) - 2],
                _ => y,
            };
            positions[(3 * i) + 2] = _random.NextSingle() * 9;
            attributes.AsSpan(4 * i, 4).Fill(_random.NextSingle());
        }

        int[] triangles = [.. Enumerable.Range(0, 120)];
        float[][] whole = Planes();
        TriangleRaster.Fill(positions, attributes, triangles, Target(whole));
        for (int top = 0; top < Height; top += rows)
        {
            int height = Math.Min(rows, Height - top);
            float[][] band = Planes();
            RasterTarget target = new(Width, height, band[0], band[1], band[2], band[3], band[4], top);
            TriangleRaster.Fill(positions, attributes, triangles, target);
            for (int plane = 0; plane < band.Length; plane++)
            {
                Assert.Equal(whole[plane].AsSpan(top * Width, height * Width), band[plane].AsSpan(0, height * Width));
            }
        }
    }

    [Fact]
    public void Fill_NeighbouringTriangles_LeaveNoCrackAndInterpolateLinearly()
    {
        float[][] planes = Planes();
        float[] positions = [2, 3, 1, 50.3f, 3, 1, 50.3f, 40.7f, 1, 2, 40.7f, 1];
        float[] attributes = [0, 0, 0, 0, 48.3f, 0, 0, 0, 48.3f, 37.7f, 0, 0, 0, 37.7f, 0, 0];
        TriangleRaster.Fill(positions, attributes, [0, 1, 2, 0, 2, 3], Target(planes));
        for (int y = 3; y <= 40; y++)
        {
            for (int x = 2; x <= 50; x++)
            {
                int at = (y * Width) + x;
                Assert.True(planes[0][at] < RasterTarget.Empty, $"A crack at {x}, {y}.");
                Assert.Equal(x - 2, planes[1][at], 1e-3f);
                Assert.Equal(y - 3, planes[2][at], 1e-3f);
            }
        }

        Assert.Equal(RasterTarget.Empty, planes[0][0]);
    }

    [Fact]
    public void Fill_EqualDepths_TheFirstDrawnStays()
    {
        float[][] planes = Planes();
        float[] positions = [0, 0, 5, 60, 0, 5, 0, 46, 5];
        float[] attributes = [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0];
        TriangleRaster.Fill(positions, attributes, [0, 1, 2], Target(planes));
        Assert.True(TriangleRaster.Setup.TryMake(positions, new float[12], [0, 1, 2], Target(planes), out var again));
        TriangleRaster.DrawScalar(again, Target(planes));
        Assert.Equal(1, planes[1][Width + 1]);
        TriangleRaster.DrawVector(again, Target(planes));
        Assert.Equal(1, planes[1][Width + 1]);
    }

    [Fact]
    public void Fill_TwoTriangles_NearerOneStays()
    {
        float[][] planes = Planes();
        float[] positions = [0, 0, 5, 60, 0, 5, 0, 46, 5, 0, 0, 2, 30, 0, 2, 0, 20, 2];
        float[] attributes = [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 7, 0, 0, 0, 7, 0, 0, 0, 7, 0, 0, 0];
        TriangleRaster.Fill(positions, attributes, [3, 4, 5, 0, 1, 2], Target(planes));
        Assert.Equal(7, planes[1][Width + 1]);
        Assert.Equal(1, planes[1][(30 * Width) + 5]);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(1e30f)]
    public void Fill_BrokenTriangle_IsLeftOut(float value)
    {
        float[][] planes = Planes();
        TriangleRaster.Fill(
            [0, 0, 0, value, 10, 0, 10, value, 0, 5, 5, 0],
            new float[16],
            [0, 1, 2, 3, 3, 3],
            Target(planes)
        );
        Assert.All(planes[1], attribute => Assert.True(float.IsFinite(attribute)));
    }

    [Fact]
    public void Fill_PlaneTooShort_Throws() =>
        Assert.Throws<ArgumentException>(() =>
        {
            float[] plane = new float[Width * Height];
            TriangleRaster.Fill([], [], [], new RasterTarget(Width, Height, plane, plane, plane, plane, plane));
        });

    [Theory]
    [InlineData(0f)]
    [InlineData(0.4f)]
    public void Sample_Vector_EqualsScalar(float share)
    {
        float[] texels = new float[16 * 16 * 4];
        for (int i = 0; i < texels.Length; i++)
        {
            texels[i] = _random.NextSingle() * 200;
        }

        MipTexture texture = new(texels, 16);
        float[][] planes = Planes();
        for (int i = 0; i < Width * Height; i++)
        {
            bool isEmpty = i % 5 == 0 || i is > 100 and < 120;
            planes[0][i] = isEmpty ? RasterTarget.Empty : 1;
            planes[1][i] = isEmpty ? float.NaN : (_random.NextSingle() * 1.2f) - 0.1f;
            planes[2][i] = (_random.NextSingle() * 1.2f) - 0.1f;
        }

        const int Count = Width * Height;
        float[] scalar = new float[4 * Count];
        float[] vector = new float[4 * Count];
        TextureSampler.Levels levels = new(texture.Level(0), texture.Level(1), 16, 8, share);
        Vector4 gain = new(1.1f, 0.7f, 0.9f, 1);
        Vector4 offset = new(3, -4, 5, 0);
        TextureSampler.SampleScalar(levels, gain, offset, Target(planes), scalar, Count);
        TextureSampler.SampleVector(levels, gain, offset, Target(planes), vector, Count);
        Assert.Equal(scalar, vector);
        Assert.Equal(0, scalar[0]);
    }

    [Fact]
    public void MipTexture_EachLevel_HoldsTheMeans()
    {
        float[] texels = new float[8 * 8 * 4 * 4];
        Array.Fill(texels, 3f);
        texels[0] = 7;
        MipTexture texture = new(texels, 16);
        Assert.Equal(2, texture.LevelCount);
        Assert.Equal(4, texture.Level(1)[0]);
        Assert.Equal(3, texture.Level(1)[1]);
    }

    private static float[][] Planes()
    {
        float[][] planes = new float[5][];
        for (int i = 0; i < planes.Length; i++)
        {
            planes[i] = new float[RasterTarget.RequiredLength(Width, Height)];
        }

        Array.Fill(planes[0], RasterTarget.Empty);
        return planes;
    }

    private static RasterTarget Target(float[][] planes) =>
        new(Width, Height, planes[0], planes[1], planes[2], planes[3], planes[4]);
}
