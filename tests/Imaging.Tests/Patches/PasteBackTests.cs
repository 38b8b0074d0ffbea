using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Patches;
using FaceFusion.Batch.Imaging.Tests.Support;

namespace FaceFusion.Batch.Imaging.Tests.Patches;

public sealed unsafe class PasteBackTests
{
    private sealed record Patch(PixelRect Region, float[] Y, float[] Cb, float[] Cr, float[] Mask);

    [Fact]
    public void Blend_MaskZero_KeepsTheBytes()
    {
        Random random = new(42);
        foreach (FrameFormat format in Formats.All(53, 31))
        {
            foreach (PixelRect region in PasteRegions.All(53, 31))
            {
                using OwnedFrame owned = OwnedFrame.Noise(format, random.Next());
                byte[] before = owned.Frame.Bytes.ToArray();
                Patch patch = RandomPatch(region, random);
                PasteBack.Blend(owned.Frame, region, patch.Y, patch.Cb, patch.Cr, patch.Mask, 0.9f);
                AssertUntouchedOutsideMask(owned, before, patch);
            }
        }
    }

    [Fact]
    public void Blend_AnyMaskAndFormat_EqualsTheSpecification()
    {
        Random random = new(7);
        foreach (FrameFormat format in Formats.All(53, 31))
        {
            foreach (PixelRect region in PasteRegions.All(53, 31))
            {
                int seed = random.Next();
                using OwnedFrame fast = OwnedFrame.Noise(format, seed);
                using OwnedFrame slow = OwnedFrame.Noise(format, seed);
                Patch patch = RandomPatch(region, random);
                PasteBack.Blend(fast.Frame, region, patch.Y, patch.Cb, patch.Cr, patch.Mask, 0.8f);
                if (format.BitDepth > 8)
                {
                    Specification<ushort, WordSamples>(slow.Frame, patch, 0.8f);
                }
                else
                {
                    Specification<byte, ByteSamples>(slow.Frame, patch, 0.8f);
                }

                Assert.True(slow.Frame.Bytes.SequenceEqual(fast.Frame.Bytes), $"{format} {region}");
            }
        }
    }

    [Fact]
    public void Blend_MaskOne_PutsThePatch()
    {
        foreach (FrameFormat format in Formats.All(53, 31))
        {
            using OwnedFrame owned = OwnedFrame.Noise(format, 3);
            PixelRect all = new(0, 0, 53, 31);
            float[] y = Filled(all.Area, 180),
                cb = Filled(all.Area, -30),
                cr = Filled(all.Area, 41);
            PasteBack.Blend(owned.Frame, all, y, cb, cr, Filled(all.Area, 1), 1);

            using OwnedFrame read = OwnedFrame.Noise(format, 4);
            owned.Frame.Bytes.CopyTo(read.Frame.Bytes);
            float[] y2 = new float[all.Area],
                cb2 = new float[all.Area],
                cr2 = new float[all.Area];
            PatchReader.Read(read.Frame, all, y2, cb2, cr2);

            // Half a stored level, which is at most 255/219 (255/224) of a unit.
            Assert.All(y2, value => Assert.Equal(180, value, 0.6f));
            Assert.All(cb2, value => Assert.Equal(-30, value, 0.6f));
            Assert.All(cr2, value => Assert.Equal(41, value, 0.6f));
        }
    }

    [Fact]
    public void Blend_PatchAsRead_ChangesLumaNotAndChromaByTwoLevels()
    {
        foreach (FrameFormat format in Formats.All(120, 90))
        {
            using OwnedFrame owned = OwnedFrame.Waves(format, 2);
            using OwnedFrame original = OwnedFrame.Waves(format, 2);
            PixelRect region = new(9, 8, 101, 73);
            float[] y = new float[region.Area],
                cb = new float[region.Area],
                cr = new float[region.Area];
            PatchReader.Read(owned.Frame, region, y, cb, cr);
            PasteBack.Blend(owned.Frame, region, y, cb, cr, Filled(region.Area, 1), 1);
            Assert.True(owned.Frame.Plane(0).SequenceEqual(original.Frame.Plane(0)), format.ToString());
            int levels = format.Chroma == ChromaLayout.Yuv444 ? 0 : 2 << (format.BitDepth - 8);
            for (int plane = 1; plane < 3; plane++)
            {
                for (int row = 0; row < format.ChromaHeight; row++)
                {
                    for (int x = 0; x < format.ChromaWidth; x++)
                    {
                        int off = Math.Abs(owned.Sample(plane, x, row) - original.Sample(plane, x, row));
                        if (off > levels)
                        {
                            Assert.Fail($"{format}: plane {plane} at {x},{row} off by {off}");
                        }
                    }
                }
            }
        }
    }

    [Fact]
    public void Blend_HalfStrength_GoesHalfWay()
    {
        using OwnedFrame owned = new(Formats.Plain(20, 20) with { FullRange = true });
        owned.Fill((plane, _, _) => plane == 0 ? 100 : 128);
        PixelRect region = new(4, 4, 10, 10);
        PasteBack.Blend(owned.Frame, region, Filled(100, 200), Filled(100, 40), Filled(100, -40), Filled(100, 1), 0.5f);
        Assert.Equal(150, owned.Sample(0, 8, 8));
        Assert.Equal(148, owned.Sample(1, 4, 4));
        Assert.Equal(108, owned.Sample(2, 4, 4));
        Assert.Equal(100, owned.Sample(0, 3, 8));
    }

    [Fact]
    public void Blend_PatchNotANumberWhereMaskIsZero_IsHarmless()
    {
        using OwnedFrame owned = OwnedFrame.Noise(Formats.Plain(40, 40), 1);
        byte[] before = owned.Frame.Bytes.ToArray();
        PixelRect region = new(3, 5, 30, 30);
        float[] nan = Filled(region.Area, float.NaN);
        PasteBack.Blend(owned.Frame, region, nan, nan, nan, new float[region.Area], 1);
        PasteBack.Blend(owned.Frame, region, nan, nan, nan, nan, 1);
        PasteBack.Blend(owned.Frame, region, nan, nan, nan, Filled(region.Area, 1), 0);
        Assert.Equal(before, owned.Frame.Bytes.ToArray());
    }

    [Fact]
    public void Blend_Twice_AllocatesNothing()
    {
        using OwnedFrame owned = OwnedFrame.Waves(Formats.Plain(400, 300), 1);
        Patch patch = RandomPatch(new PixelRect(101, 33, 170, 210), new Random(1));
        Assert.Equal(
            0,
            Allocations.Of(() => PasteBack.Blend(owned.Frame, patch.Region, patch.Y, patch.Cb, patch.Cr, patch.Mask, 1))
        );
    }

    private static float[] Filled(int count, float value) => Enumerable.Repeat(value, count).ToArray();

    /// <summary>Random values under a mask of random blobs: about half of it 0, some of it 1, some between.</summary>
    private static Patch RandomPatch(PixelRect region, Random random)
    {
        float[] y = new float[region.Area],
            cb = new float[region.Area],
            cr = new float[region.Area],
            mask = new float[region.Area];
        double sparse = random.NextDouble();
        for (int i = 0; i < region.Area; i++)
        {
            y[i] = random.Next(-20, 280);
            cb[i] = random.Next(-140, 140);
            cr[i] = random.Next(-140, 140);
            mask[i] = random.NextDouble() < sparse ? 0 : Math.Min(1.2f * random.NextSingle(), 1);
            if (mask[i] == 0 && random.Next(3) == 0)
            {
                // A patch need hold nothing sensible where its mask is 0.
                y[i] = cb[i] = cr[i] = float.NaN;
            }
        }

        return new Patch(region, y, cb, cr, mask);
    }

    private static void AssertUntouchedOutsideMask(OwnedFrame owned, byte[] before, Patch patch)
    {
        FrameFormat format = owned.Frame.Format;
        using OwnedFrame original = new(format);
        before.CopyTo(original.Frame.Bytes);
        for (int plane = 0; plane < 3; plane++)
        {
            int stepX = plane > 0 && format.Chroma != ChromaLayout.Yuv444 ? 2 : 1;
            int stepY = plane > 0 && format.Chroma == ChromaLayout.Yuv420 ? 2 : 1;
            for (int row = 0; row < (plane == 0 ? format.Height : format.ChromaHeight); row++)
            {
                for (int x = 0; x < (plane == 0 ? format.Width : format.ChromaWidth); x++)
                {
                    bool masked = false;
                    for (int i = 0; i < stepX * stepY; i++)
                    {
                        masked |= MaskAt(patch, (x * stepX) + (i % stepX), (row * stepY) + (i / stepX)) > 0;
                    }

                    if (!masked && owned.Sample(plane, x, row) != original.Sample(plane, x, row))
                    {
                        Assert.Fail($"{format} {patch.Region}: plane {plane} at {x},{row} was written");
                    }
                }
            }
        }
    }

    private static float MaskAt(Patch patch, int x, int y)
    {
        PixelRect region = patch.Region;
        return x < region.X || y < region.Y || x >= region.Right || y >= region.Bottom
            ? 0
            : patch.Mask[((y - region.Y) * region.Width) + x - region.X];
    }

    private static void Specification<T, TKind>(Frame frame, Patch patch, float strength)
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        PixelRect inside = patch.Region.Clip(frame.Format.Width, frame.Format.Height);
        fixed (byte* luma = frame.Plane(0))
        fixed (byte* u = frame.Plane(1))
        fixed (byte* v = frame.Plane(2))
        fixed (float* y = patch.Y)
        fixed (float* cb = patch.Cb)
        fixed (float* cr = patch.Cr)
        fixed (float* mask = patch.Mask)
        {
            if (!inside.IsEmpty)
            {
                BlendPlan plan = new(frame.Format, patch.Region, inside, inside, y, cb, cr, mask, strength);
                PasteBack.BlendLumaScalar<T, TKind>((T*)luma, plan);
                PasteBack.BlendChromaScalar<T, TKind>((T*)u, (T*)v, plan);
            }
        }
    }
}
