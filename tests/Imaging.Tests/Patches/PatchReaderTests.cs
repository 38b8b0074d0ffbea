using FaceFusion.Batch.Imaging.Color;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Patches;
using FaceFusion.Batch.Imaging.Tests.Support;

namespace FaceFusion.Batch.Imaging.Tests.Patches;

public sealed unsafe class PatchReaderTests
{
    [Fact]
    public void Read_AnyRegionAndFormat_EqualsTheSpecification()
    {
        foreach (FrameFormat format in Formats.All(53, 31))
        {
            using OwnedFrame owned = OwnedFrame.Noise(format, 5);
            foreach (PixelRect region in PasteRegions.All(53, 31))
            {
                float[] y = new float[region.Area],
                    cb = new float[region.Area],
                    cr = new float[region.Area];
                PatchReader.Read(owned.Frame, region, y, cb, cr);
                (float[] y2, float[] cb2, float[] cr2) =
                    format.BitDepth > 8
                        ? Specification<ushort, WordSamples>(owned.Frame, region)
                        : Specification<byte, ByteSamples>(owned.Frame, region);
                Assert.Equal(y2, y);
                Assert.Equal(cb2, cb);
                Assert.Equal(cr2, cr);
            }
        }
    }

    [Fact]
    public void Read_LimitedRange_ReachesFullScale()
    {
        foreach (int depth in (int[])[8, 10])
        {
            int unit = 1 << (depth - 8);
            using OwnedFrame owned = new(Formats.Plain(16, 16, depth));
            owned.Fill(
                (plane, _, _) =>
                    unit
                    * (
                        plane == 0 ? 235
                        : plane == 1 ? 240
                        : 16
                    )
            );
            float[] y = new float[64],
                cb = new float[64],
                cr = new float[64];
            PatchReader.Read(owned.Frame, new PixelRect(4, 4, 8, 8), y, cb, cr);
            Assert.All(y, value => Assert.Equal(255, value, 0.001f));
            Assert.All(cb, value => Assert.Equal(127.5f, value, 0.001f));
            Assert.All(cr, value => Assert.Equal(-127.5f, value, 0.001f));
        }
    }

    [Theory]
    [InlineData(ChromaSiting.Left, 100, 102, 104)]
    [InlineData(ChromaSiting.Center, 99, 101, 103)]
    public void Read_ChromaRamp_StandsAtItsSiting(ChromaSiting siting, float at0, float at1, float at2)
    {
        FrameFormat format = new(16, 4, ChromaLayout.Yuv422, 8, YuvMatrix.Bt601, true, siting);
        using OwnedFrame owned = new(format);
        owned.Fill((_, x, _) => 80 + (4 * x));
        float[] y = new float[3],
            cb = new float[3],
            cr = new float[3];
        PatchReader.Read(owned.Frame, new PixelRect(10, 1, 3, 1), y, cb, cr);
        Assert.Equal([at0 - 128, at1 - 128, at2 - 128], cb);
    }

    [Fact]
    public void Read_Twice_AllocatesNothing()
    {
        using OwnedFrame owned = OwnedFrame.Waves(Formats.Plain(400, 300), 1);
        PixelRect region = new(101, 33, 170, 210);
        float[] y = new float[region.Area],
            cb = new float[region.Area],
            cr = new float[region.Area];
        Assert.Equal(0, Allocations.Of(() => PatchReader.Read(owned.Frame, region, y, cb, cr)));
    }

    private static (float[] Y, float[] Cb, float[] Cr) Specification<T, TKind>(Frame frame, PixelRect region)
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        float[] y = new float[region.Area],
            cb = new float[region.Area],
            cr = new float[region.Area];
        SampleRange range = SampleRange.Of(frame.Format);
        fixed (byte* luma = frame.Plane(0))
        fixed (byte* u = frame.Plane(1))
        fixed (byte* v = frame.Plane(2))
        {
            PatchReader.ReadLumaScalar<T, TKind>((T*)luma, frame.Format, region, range, y);
            PatchReader.ReadChromaScalar<T, TKind>((T*)u, frame.Format, region, range, cb);
            PatchReader.ReadChromaScalar<T, TKind>((T*)v, frame.Format, region, range, cr);
        }

        return (y, cb, cr);
    }
}
