using System.Text.Json;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Alignment;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Tests.Goldens;
using FaceFusion.Batch.Imaging.Geometry;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Alignment;

public sealed class FaceCropTests
{
    [Fact]
    public void CropToFrame_AnyPose_IsWhatOpenCvEstimates()
    {
        foreach (JsonElement pose in FusingGolden.Values.GetProperty("poses").EnumerateArray())
        {
            float[] points = [.. pose.GetProperty("points").EnumerateArray().SelectMany(FusingGolden.Numbers)];
            float[] m = FusingGolden.Numbers(pose.GetProperty("matrix"));
            int size = pose.GetProperty("size").GetInt32();
            FaceTemplate template = FaceTemplate.Find(pose.GetProperty("template").GetString());

            AffineMatrix toCrop = template.CropToFrame(points, size).Invert();

            // Measured bound of the closed form against RANSAC for crops up to 512 pixels: 0.0006; the rest is the rounding of floats.
            foreach (
                (float x, float y) in (ReadOnlySpan<(float, float)>)[(points[0], points[1]), (points[8], points[9])]
            )
            {
                (float u, float v) = toCrop.Apply(x, y);
                Assert.Equal((m[0] * x) + (m[1] * y) + m[2], u, 0.002f);
                Assert.Equal((m[3] * x) + (m[4] * y) + m[5], v, 0.002f);
            }
        }
    }

    /// <summary>Inside the frame; across a corner, where the edge goes on; a crop pixel spans 2.4 of the frame's, of which one tap is read.</summary>
    [Theory]
    [InlineData("inside")]
    [InlineData("corner")]
    [InlineData("coarse")]
    public void Fill_Frame_IsTheCropThatOpenCvWarps(string pose)
    {
        FaceCrop crop = new(Square(64, new PerChannel(0), new PerChannel(1)), FaceTemplate.Arcface128);
        float[] rgb = new float[crop.Length];
        crop.Fill(FusingGolden.Frame(), FusingGolden.Points(pose), rgb);

        (double mean, double worst, double bias) = FusingGolden.Compare(
            rgb,
            FusingGolden.Planar(FusingGolden.Bytes($"warp-{pose}"))
        );

        // OpenCV rounds places to 1/32 pixel and colours to whole levels, twice; the picture changes by up to 40 levels a pixel.
        Assert.True(
            mean < 0.5 && worst < 2.5 && Math.Abs(bias) < 0.1,
            $"mean {mean:F3}, worst {worst:F2}, bias {bias:F3}"
        );
    }

    [Fact]
    public void Fill_BgrChannelsLast_IsInterleavedInThatOrder()
    {
        ModelInput input = Square(2, new PerChannel(10, 20, 30), new PerChannel(2, 4, 8)) with
        {
            Channels = "bgr",
            Layout = "nhwc",
        };
        float[] values = new float[12];
        new FaceCrop(input).Fill([12, 14, 16, 18, 40, 44, 48, 52, 86, 94, 102, 110], values);
        Assert.Equal([7f, 5, 1, 8, 6, 2, 9, 7, 3, 10, 8, 4], values);
    }

    [Fact]
    public void Fill_BgrPlanarInPlace_SwapsThePlanes()
    {
        ModelInput input = Square(2, new PerChannel(10, 20, 30), new PerChannel(2, 4, 8)) with { Channels = "bgr" };
        float[] values = [12, 14, 16, 18, 24, 28, 32, 36, 46, 54, 62, 70];
        float[] apart = new float[12];
        new FaceCrop(input).Fill(values, apart);
        new FaceCrop(input).Fill(values, values);
        Assert.Equal([2f, 3, 4, 5, 1, 2, 3, 4, 1, 2, 3, 4], values);
        Assert.Equal(values, apart);
    }

    [Theory]
    [InlineData("nchw", "grb")]
    [InlineData("chwn", "rgb")]
    public void FaceCrop_UnknownFormat_IsRefused(string layout, string channels)
    {
        ModelInput input = Square(2, default, new PerChannel(1)) with { Layout = layout, Channels = channels };
        Assert.Equal("model-catalog", Assert.Throws<ModelException>(() => new FaceCrop(input)).Code);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(7f)]
    public void TryCropToFrame_PointsThatNothingFits_SaysSo(float value)
    {
        float[] points = new float[FacePoints.Length];
        Array.Fill(points, value);
        Assert.False(FaceTemplate.Ffhq512.TryCropToFrame(points, 512, out _));
    }

    [Fact]
    public void TryRead_PointsOfALandmarker_ComeBeforeTheMesh()
    {
        TrackedFace face = new() { HasLandmarks = true };
        face.Landmarks[3] = 5;
        Span<float> points = stackalloc float[FacePoints.Length];
        Assert.True(FacePoints.TryRead(face, points));
        Assert.Equal(5, points[4]);

        face.Points = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
        Assert.True(FacePoints.TryRead(face, points));
        Assert.Equal(face.Points, points.ToArray());

        face.Points = null;
        face.HasLandmarks = false;
        Assert.False(FacePoints.TryRead(face, points));
    }

    private static ModelInput Square(int size, PerChannel mean, PerChannel std) =>
        new()
        {
            Width = size,
            Height = size,
            Mean = mean,
            Std = std,
        };
}
