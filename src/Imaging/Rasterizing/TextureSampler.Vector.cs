using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FaceFusion.Batch.Imaging.Rasterizing;

public static partial class TextureSampler
{
    /// <summary>
    /// Four pixels a turn: their places side by side, then for each of them the four lanes of a vector are the four values of a texel, so a
    /// texel is one load and nothing is gathered.
    /// </summary>
    internal static void SampleVector(
        in Levels levels,
        Vector4 gain,
        Vector4 offset,
        in RasterTarget raster,
        Span<float> planes,
        int stride
    )
    {
        int count = raster.Width * raster.Height;
        int whole = count - (count % 4);
        ref float depths = ref MemoryMarshal.GetReference(raster.Depth[..count]);
        ref float us = ref MemoryMarshal.GetReference(raster.A[..count]);
        ref float vs = ref MemoryMarshal.GetReference(raster.B[..count]);
        ref float first = ref MemoryMarshal.GetReference(planes[..((3 * stride) + count)]);
        for (int i = 0; i < whole; i += 4)
        {
            Four into = default;
            Vector128<float> covered = Vector128.LessThan(
                Vector128.LoadUnsafe(ref depths, (nuint)i),
                Vector128.Create(RasterTarget.Empty)
            );
            if (covered.AsInt32() != Vector128<int>.Zero)
            {
                // What an empty pixel holds was never written: it may be no number.
                Vector128<float> u = Vector128.LoadUnsafe(ref us, (nuint)i) & covered;
                Vector128<float> v = Vector128.LoadUnsafe(ref vs, (nuint)i) & covered;
                into = Mix(levels, u, v, gain.AsVector128(), offset.AsVector128()).Turned(covered);
            }

            into.A.StoreUnsafe(ref first, (nuint)i);
            into.B.StoreUnsafe(ref first, (nuint)(stride + i));
            into.C.StoreUnsafe(ref first, (nuint)((2 * stride) + i));
            into.D.StoreUnsafe(ref first, (nuint)((3 * stride) + i));
        }

        SampleFrom(whole, levels, gain, offset, raster, planes, stride);
    }

    /// <summary>Four pixels, each of four values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Four Mix(
        in Levels levels,
        Vector128<float> u,
        Vector128<float> v,
        Vector128<float> gain,
        Vector128<float> offset
    )
    {
        Four value = Bilinear(ref MemoryMarshal.GetReference(levels.Fine), u, v, levels.FineSize);
        if (levels.Share > 0)
        {
            Four coarse = Bilinear(ref MemoryMarshal.GetReference(levels.Coarse), u, v, levels.CoarseSize);
            Vector128<float> share = Vector128.Create(levels.Share);
            value.A += (coarse.A - value.A) * share;
            value.B += (coarse.B - value.B) * share;
            value.C += (coarse.C - value.C) * share;
            value.D += (coarse.D - value.D) * share;
        }

        value.A = (value.A * gain) + offset;
        value.B = (value.B * gain) + offset;
        value.C = (value.C * gain) + offset;
        value.D = (value.D * gain) + offset;
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Four Bilinear(ref float texels, Vector128<float> u, Vector128<float> v, int size)
    {
        Vector128<float> x = Place(u, size);
        Vector128<float> y = Place(v, size);
        Vector128<int> column = Vector128.ConvertToInt32Native(x);
        Vector128<int> row = Vector128.ConvertToInt32Native(y);
        Vector128<float> right = x - Vector128.ConvertToSingle(column);
        Vector128<float> below = y - Vector128.ConvertToSingle(row);
        Vector128<int> at = ((row * Vector128.Create(size)) + column) << 2;
        nuint line = (nuint)size * 4;
        return new Four
        {
            A = Texels(ref texels, (nuint)at.GetElement(0), line, right.GetElement(0), below.GetElement(0)),
            B = Texels(ref texels, (nuint)at.GetElement(1), line, right.GetElement(1), below.GetElement(1)),
            C = Texels(ref texels, (nuint)at.GetElement(2), line, right.GetElement(2), below.GetElement(2)),
            D = Texels(ref texels, (nuint)at.GetElement(3), line, right.GetElement(3), below.GetElement(3)),
        };
    }

    /// <summary>As <see cref="Locate"/> clamps it; what is no number is 0, so that nothing outside the texture is read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Place(Vector128<float> share, int size)
    {
        Vector128<float> place = (share * Vector128.Create((float)size)) - Vector128.Create(0.5f);
        place &= Vector128.Equals(place, place);
        return Vector128.MinNative(Vector128.MaxNative(place, Vector128<float>.Zero), Vector128.Create(size - 1.001f));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Texels(ref float texels, nuint at, nuint line, float right, float below)
    {
        Vector128<float> across = Vector128.Create(right);
        Vector128<float> a = Vector128.LoadUnsafe(ref texels, at);
        Vector128<float> b = Vector128.LoadUnsafe(ref texels, at + 4);
        Vector128<float> c = Vector128.LoadUnsafe(ref texels, at + line);
        Vector128<float> d = Vector128.LoadUnsafe(ref texels, at + line + 4);
        Vector128<float> upper = a + ((b - a) * across);
        Vector128<float> lower = c + ((d - c) * across);
        return upper + ((lower - upper) * Vector128.Create(below));
    }

    /// <summary>Four vectors of four: one for each pixel, or, turned, one for each of their values.</summary>
    private struct Four
    {
        public Vector128<float> A;
        public Vector128<float> B;
        public Vector128<float> C;
        public Vector128<float> D;

        /// <summary>Rows become columns; lanes that <paramref name="where"/> leaves out become 0.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly Four Turned(Vector128<float> where)
        {
            Vector128<float> ab = Low(A, B);
            Vector128<float> cd = Low(C, D);
            Vector128<float> abHigh = High(A, B);
            Vector128<float> cdHigh = High(C, D);
            return new Four
            {
                A = Vector128.Create(ab.GetLower(), cd.GetLower()) & where,
                B = Vector128.Create(ab.GetUpper(), cd.GetUpper()) & where,
                C = Vector128.Create(abHigh.GetLower(), cdHigh.GetLower()) & where,
                D = Vector128.Create(abHigh.GetUpper(), cdHigh.GetUpper()) & where,
            };
        }

        /// <summary>a0 b0 a1 b1</summary>
        private static Vector128<float> Low(Vector128<float> a, Vector128<float> b) =>
            Sse.IsSupported
                ? Sse.UnpackLow(a, b)
                : Vector128.Create(a.GetElement(0), b.GetElement(0), a.GetElement(1), b.GetElement(1));

        /// <summary>a2 b2 a3 b3</summary>
        private static Vector128<float> High(Vector128<float> a, Vector128<float> b) =>
            Sse.IsSupported
                ? Sse.UnpackHigh(a, b)
                : Vector128.Create(a.GetElement(2), b.GetElement(2), a.GetElement(3), b.GetElement(3));
    }
}
