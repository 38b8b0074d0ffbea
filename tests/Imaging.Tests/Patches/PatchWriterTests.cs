using FaceFusion.Batch.Imaging.Color;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Patches;
using FaceFusion.Batch.Imaging.Tests.Support;

namespace FaceFusion.Batch.Imaging.Tests.Patches;

public sealed class PatchWriterTests
{
    [Fact]
    public void WriteVector_AnyFormatAndPlace_EqualsTheSpecification()
    {
        PixelRect patch = new(3, 2, 55, 33);
        float[] values = Noise(patch.Area, 5);
        foreach (FrameFormat format in Formats.All(61, 37))
        {
            foreach (PixelRect kept in (PixelRect[])[patch, new(4, 3, 53, 31), new(5, 5, 8, 4), new(9, 7, 1, 1)])
            {
                using OwnedFrame vector = OwnedFrame.Noise(format, 1);
                using OwnedFrame scalar = OwnedFrame.Noise(format, 1);
                if (format.BitDepth > 8)
                {
                    Both<ushort, WordSamples>(vector.Frame, scalar.Frame, new(format, patch, kept), values);
                }
                else
                {
                    Both<byte, ByteSamples>(vector.Frame, scalar.Frame, new(format, patch, kept), values);
                }

                Assert.True(
                    vector.Frame.Bytes.SequenceEqual(scalar.Frame.Bytes),
                    $"{format}: lanes and specification differ at {kept}"
                );
            }
        }
    }

    [Fact]
    public void Write_RegionsSideBySide_GiveWhatOneWriteGives()
    {
        foreach (FrameFormat format in Formats.All(61, 37))
        {
            PixelRect all = new(0, 0, 61, 37);
            (float[] y, float[] cb, float[] cr) = (Noise(all.Area, 1), Noise(all.Area, 2), Noise(all.Area, 3));
            using OwnedFrame whole = OwnedFrame.Noise(format, 8);
            using OwnedFrame tiled = OwnedFrame.Noise(format, 9);
            PatchWriter.Write(whole.Frame, all, all, y, cb, cr);
            for (int top = 0; top < 37; top += 13)
            {
                for (int left = 0; left < 61; left += 7)
                {
                    PixelRect kept = new PixelRect(left, top, 7, 13).Clip(61, 37);
                    PixelRect patch = new PixelRect(left - 1, top - 1, 9, 15).Clip(61, 37);
                    PatchWriter.Write(tiled.Frame, patch, kept, Cut(y, patch), Cut(cb, patch), Cut(cr, patch));
                }
            }

            Assert.True(whole.Frame.Bytes.SequenceEqual(tiled.Frame.Bytes), $"{format}: a seam");
        }
    }

    [Fact]
    public void Write_PatchThatWasRead_GivesTheLumaAndWithoutSubsamplingTheChroma()
    {
        foreach (FrameFormat format in Formats.All(61, 37))
        {
            using OwnedFrame read = OwnedFrame.Noise(format, 4);
            using OwnedFrame written = OwnedFrame.Noise(format, 5);
            PixelRect all = new(0, 0, 61, 37);
            float[] y = new float[all.Area],
                cb = new float[all.Area],
                cr = new float[all.Area];
            PatchReader.Read(read.Frame, all, y, cb, cr);
            PatchWriter.Write(written.Frame, all, all, y, cb, cr);
            Assert.True(read.Frame.Plane(0).SequenceEqual(written.Frame.Plane(0)), $"{format}: luma");
            if (format.Chroma == ChromaLayout.Yuv444)
            {
                Assert.True(read.Frame.Bytes.SequenceEqual(written.Frame.Bytes), $"{format}: chroma");
            }
        }
    }

    [Fact]
    public void Write_ChromaThatRisesEvenly_IsTakenAtItsSiting()
    {
        foreach (FrameFormat format in Formats.All(61, 37))
        {
            using OwnedFrame owned = new(format);
            PixelRect all = new(0, 0, 61, 37);
            float[] y = new float[all.Area];
            float[] ramp = [.. Enumerable.Range(0, all.Area).Select(i => (i % 61) + (0.5f * (i / 61)) - 40)];
            PatchWriter.Write(owned.Frame, all, all, y, ramp, ramp);
            ChromaGrid grid = ChromaGrid.Of(format);
            SampleRange range = SampleRange.Of(format);
            for (int row = 1; row < format.ChromaHeight - 1; row++)
            {
                for (int column = 1; column < format.ChromaWidth - 1; column++)
                {
                    // Where the sample lies on the luma grid, by the inverse of what the reader uses.
                    float x = (column - grid.ShiftX) / grid.ScaleX;
                    float at = (row - grid.ShiftY) / grid.ScaleY;
                    float expected = ((x + (0.5f * at) - 40) / range.ChromaGain) + range.ChromaZero;
                    // Half a sample of rounding.
                    Assert.Equal(expected, owned.Sample(1, column, row), 0.51f);
                    Assert.Equal(owned.Sample(1, column, row), owned.Sample(2, column, row));
                }
            }
        }
    }

    [Fact]
    public void Write_RectanglesThatReachTooFar_AreRefused()
    {
        using OwnedFrame owned = new(Formats.Plain(20, 20));
        float[] values = new float[400];
        Assert.Throws<ArgumentException>(() =>
            PatchWriter.Write(owned.Frame, new(-1, 0, 10, 10), new(0, 0, 5, 5), values, values, values)
        );
        Assert.Throws<ArgumentException>(() =>
            PatchWriter.Write(owned.Frame, new(2, 0, 10, 10), new(1, 0, 5, 5), values, values, values)
        );
        Assert.ThrowsAny<ArgumentException>(() =>
            PatchWriter.Write(owned.Frame, new(0, 0, 20, 20), new(0, 0, 20, 20), values, values, values.AsSpan(1))
        );
    }

    [Fact]
    public void Write_Again_AllocatesNothing()
    {
        using OwnedFrame owned = new(Formats.Plain(60, 40, 10));
        PixelRect all = new(0, 0, 60, 40);
        float[] values = Noise(all.Area, 1);
        Assert.Equal(0, Allocations.Of(() => PatchWriter.Write(owned.Frame, all, all, values, values, values)));
    }

    private static unsafe void Both<T, TKind>(Frame vector, Frame scalar, in WritePlan plan, float[] values)
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        fixed (float* patch = values)
        fixed (
            byte* v0 = vector.Plane(0),
                v1 = vector.Plane(1),
                s0 = scalar.Plane(0),
                s1 = scalar.Plane(1)
        )
        {
            PatchWriter.WriteLumaVector<T, TKind>((T*)v0, plan, patch);
            PatchWriter.WriteChromaVector<T, TKind>((T*)v1, plan, patch);
            PatchWriter.WriteLumaScalar<T, TKind>((T*)s0, plan, patch);
            PatchWriter.WriteChromaScalar<T, TKind>((T*)s1, plan, patch);
        }
    }

    /// <summary>Values within and beyond the ranges of luma and chroma.</summary>
    private static float[] Noise(int count, int seed)
    {
        Random random = new(seed);
        float[] values = [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 400) - 120)];
        return values;
    }

    private static float[] Cut(float[] plane, PixelRect rect) =>
        [
            .. Enumerable
                .Range(0, rect.Area)
                .Select(i => plane[((rect.Y + (i / rect.Width)) * 61) + rect.X + (i % rect.Width)]),
        ];
}
