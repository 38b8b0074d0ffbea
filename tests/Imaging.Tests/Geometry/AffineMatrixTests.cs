using FaceFusion.Batch.Imaging.Geometry;

namespace FaceFusion.Batch.Imaging.Tests.Geometry;

public sealed class AffineMatrixTests
{
    [Fact]
    public void Invert_ThereAndBack_IsTheSamePlace()
    {
        AffineMatrix matrix = new(1.5f, -0.3f, 20, 0.4f, 2.1f, -7);
        (float x, float y) = matrix.Apply(11, 13);
        (float backX, float backY) = matrix.Invert().Apply(x, y);
        Assert.Equal(11, backX, 1e-4f);
        Assert.Equal(13, backY, 1e-4f);
    }

    [Fact]
    public void Invert_Singular_Throws() =>
        Assert.Throws<InvalidOperationException>(() => new AffineMatrix(1, 2, 0, 2, 4, 0).Invert());

    [Fact]
    public void CropToFrame_Crop_IsCentredAndTurnedClockwise()
    {
        AffineMatrix matrix = AffineMatrix.CropToFrame(50, 60, 20, MathF.PI / 2, 11);
        (float x, float y) = matrix.Apply(5, 5);
        Assert.Equal(50, x, 1e-4f);
        Assert.Equal(60, y, 1e-4f);

        // The crop's right is the frame's down.
        (x, y) = matrix.Apply(10, 5);
        Assert.Equal(50, x, 1e-3f);
        Assert.Equal(60 + (5 * 20f / 11), y, 1e-3f);
        Assert.Equal(20f / 11, matrix.Scale, 1e-4f);
    }

    [Fact]
    public void EstimateSimilarity_OfAKnownOne_FindsIt()
    {
        AffineMatrix known = AffineMatrix.CropToFrame(40, 30, 64, 0.6f, 32);
        float[] from = [1, 2, 30, 4, 15, 28, 8, 9];
        float[] to = new float[8];
        for (int i = 0; i < 4; i++)
        {
            (to[2 * i], to[(2 * i) + 1]) = known.Apply(from[2 * i], from[(2 * i) + 1]);
        }

        AffineMatrix found = AffineMatrix.EstimateSimilarity(from, to);
        Assert.Equal(known.A, found.A, 1e-4f);
        Assert.Equal(known.B, found.B, 1e-4f);
        Assert.Equal(known.C, found.C, 1e-3f);
        Assert.Equal(known.D, found.D, 1e-4f);
        Assert.Equal(known.F, found.F, 1e-3f);
    }
}
