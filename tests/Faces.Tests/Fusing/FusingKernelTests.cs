using FaceFusion.Batch.Faces.Fusing;
using FaceFusion.Batch.Imaging.Patches;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Fusing;

/// <summary>Vector paths give the bits of their scalar specifications.</summary>
public sealed class FusingKernelTests
{
    private readonly Random _random = new(7);

    [Theory]
    [InlineData(16)]
    [InlineData(48)]
    [InlineData(176)]
    public void Binomial_Vector_EqualsScalar(int width)
    {
        float[] above = Noise(width);
        float[] here = Noise(width);
        float[] below = Noise(width);
        float[] scalar = new float[width];
        float[] vector = new float[width];
        Binomial.DownScalar(above, here, below, scalar);
        Binomial.DownVector(above, here, below, vector);
        Assert.Equal(scalar, vector);
        float[] row = Noise(width + Binomial.Margin);
        for (int step = 1; step <= 2; step++)
        {
            Binomial.AcrossScalar(row, step, scalar);
            Binomial.AcrossVector(row, step, vector);
            Assert.Equal(scalar, vector);
        }
    }

    [Fact]
    public void DetailBands_Vector_EqualsScalar()
    {
        FusePatch patch = Patch(64, 32);
        float[] once = Noise(patch.Count);
        float[] twice = Noise(patch.Count);
        DetailBands.Sums scalar = default;
        DetailBands.Sums vector = default;
        for (int y = 8; y < 24; y++)
        {
            int from = (y * 64) + 8;
            DetailBands.AddScalar(patch, patch.TargetY, once, twice, from, from + 48, ref scalar);
            DetailBands.AddVector(patch, patch.TargetY, once, twice, from, from + 48, ref vector);
        }

        Assert.Equal(scalar.Fine.Total(), vector.Fine.Total());
        Assert.Equal(scalar.Middle.Total(), vector.Middle.Total());
        Assert.Equal(scalar.Below.Total(), vector.Below.Total());
        Assert.Equal(scalar.Grain.Total(), vector.Grain.Total());
        Assert.Equal(scalar.Features.Total(), vector.Features.Total());
        Assert.Equal(scalar.Skin.Total(), vector.Skin.Total());
    }

    [Fact]
    public void BlockSums_Vector_EqualsScalar()
    {
        FusePatch patch = Patch(64, 32);
        float[] scalar = new float[64 * BlockSums.PlaneCount];
        float[] vector = new float[scalar.Length];
        for (int y = 0; y < 32; y++)
        {
            BlockSums.AddRowScalar(patch, y * 64, scalar);
            BlockSums.AddRowVector(patch, y * 64, vector);
        }

        Assert.Equal(scalar, vector);
    }

    [Fact]
    public void Composing_Vector_EqualsScalar()
    {
        FusePatch scalar = Patch(64, 32);
        FusePatch vector = new();
        vector.Begin(scalar.Region);
        LowBands low = new();
        low.Find(scalar, 60, 0.09f);
        Copy(scalar, vector);
        for (int y = 0; y < 32; y++)
        {
            int upper = Math.Min(y / low.Factor, (32 / low.Factor) - 2) * 64;
            Composing.Row row = new(y * 64, upper, upper + 64, 0.3f, 2, NoiseTile.RowKey(5, y));
            Composing.RowScalar(scalar, low, row);
            Composing.RowVector(vector, low, row);
        }

        Assert.Equal(scalar.SourceY.ToArray(), vector.SourceY.ToArray());
        Assert.Equal(scalar.SourceCb.ToArray(), vector.SourceCb.ToArray());
        Assert.Equal(scalar.SourceCr.ToArray(), vector.SourceCr.ToArray());
        Assert.Equal(scalar.Mask.ToArray(), vector.Mask.ToArray());
    }

    [Fact]
    public void NoiseTile_Runs_HaveUnitVarianceAndDependOnFrameAndRow()
    {
        double sum = 0;
        double square = 0;
        for (int y = 0; y < 512; y++)
        {
            foreach (float value in NoiseTile.Run(NoiseTile.RowKey(3, y), 17, NoiseTile.LongestRun))
            {
                sum += value;
                square += value * value;
            }
        }

        int count = 512 * NoiseTile.LongestRun;
        Assert.InRange(sum / count, -0.05, 0.05);
        Assert.InRange(square / count, 0.9, 1.1);
        Assert.NotEqual(NoiseTile.RowKey(3, 4), NoiseTile.RowKey(4, 4));
        Assert.NotEqual(NoiseTile.RowKey(3, 4), NoiseTile.RowKey(3, 5));
    }

    /// <summary>A patch of random planes, a third of it transparent.</summary>
    private FusePatch Patch(int width, int height)
    {
        FusePatch patch = new();
        patch.Begin(new PixelRect(0, 0, width, height));
        Noise(patch.TargetY);
        Noise(patch.TargetCb);
        Noise(patch.TargetCr);
        Noise(patch.Source);
        for (int i = 0; i < patch.Count; i++)
        {
            patch.Opacity[i] = MathF.Max(0, (_random.NextSingle() * 1.5f) - 0.5f);
            patch.Skin[i] = _random.NextSingle();
        }

        return patch;
    }

    private static void Copy(FusePatch from, FusePatch to)
    {
        from.TargetY.CopyTo(to.TargetY);
        from.TargetCb.CopyTo(to.TargetCb);
        from.TargetCr.CopyTo(to.TargetCr);
        from.SourceY.CopyTo(to.SourceY);
        from.SourceCb.CopyTo(to.SourceCb);
        from.SourceCr.CopyTo(to.SourceCr);
        from.Opacity.CopyTo(to.Opacity);
        from.Skin.CopyTo(to.Skin);
    }

    private float[] Noise(int length)
    {
        float[] values = new float[length];
        Noise(values);
        return values;
    }

    private void Noise(Span<float> values)
    {
        foreach (ref float value in values)
        {
            value = (_random.NextSingle() * 255) - 20;
        }
    }
}
