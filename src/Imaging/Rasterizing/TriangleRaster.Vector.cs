using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FaceFusion.Batch.Imaging.Rasterizing;

public static partial class TriangleRaster
{
    /// <summary>
    /// Eight neighbouring pixels of a row at once. Lanes right of the bounding box are switched off by their x, so what lies behind the
    /// row's end (the next row, or the padding) is read and written back unchanged.
    /// </summary>
    internal static void DrawVector(in Setup t, in RasterTarget target)
    {
        ref float depths = ref MemoryMarshal.GetReference(target.Depth);
        ref float a = ref MemoryMarshal.GetReference(target.A);
        ref float b = ref MemoryMarshal.GetReference(target.B);
        ref float c = ref MemoryMarshal.GetReference(target.C);
        ref float d = ref MemoryMarshal.GetReference(target.D);
        Vector256<float> lanes = Vector256.Create(0f, 1f, 2f, 3f, 4f, 5f, 6f, 7f);
        Vector256<float> last = Vector256.Create((float)t.Right);
        Vector256<float> low = Vector256.Create(-Slack);
        Vector256<float> high = Vector256.Create(1 + Slack);
        Vector256<float> stepB = Vector256.Create(t.StepXb);
        Vector256<float> stepC = Vector256.Create(t.StepXc);
        Vector256<float> originX = Vector256.Create(t.OriginX);
        for (int y = t.Top; y <= t.Bottom; y++)
        {
            float dy = y - t.OriginY;
            Vector256<float> rowB = Vector256.Create(dy * t.StepYb);
            Vector256<float> rowC = Vector256.Create(dy * t.StepYc);
            for (int x = t.Left; x <= t.Right; x += Vector256<float>.Count)
            {
                Vector256<float> xs = Vector256.Create((float)x) + lanes;
                Vector256<float> dx = xs - originX;
                Vector256<float> wb = (dx * stepB) + rowB;
                Vector256<float> wc = (dx * stepC) + rowC;
                Vector256<float> inside =
                    Vector256.GreaterThanOrEqual(wb, low)
                    & Vector256.GreaterThanOrEqual(wc, low)
                    & Vector256.LessThanOrEqual(wb + wc, high)
                    & Vector256.LessThanOrEqual(xs, last);
                if (inside.AsInt32() == Vector256<int>.Zero)
                {
                    continue;
                }

                nuint at = (nuint)(((y - target.Top) * target.Width) + x);
                Vector256<float> before = Vector256.LoadUnsafe(ref depths, at);
                Vector256<float> depth = t.Depth.At(wb, wc);
                Vector256<float> nearer = inside & Vector256.LessThan(depth, before);
                if (nearer.AsInt32() == Vector256<int>.Zero)
                {
                    continue;
                }

                Vector256.ConditionalSelect(nearer, depth, before).StoreUnsafe(ref depths, at);
                Put(nearer, t.A.At(wb, wc), ref a, at);
                Put(nearer, t.B.At(wb, wc), ref b, at);
                Put(nearer, t.C.At(wb, wc), ref c, at);
                Put(nearer, t.D.At(wb, wc), ref d, at);
            }
        }
    }

    private static void Put(Vector256<float> where, Vector256<float> value, ref float plane, nuint at) =>
        Vector256.ConditionalSelect(where, value, Vector256.LoadUnsafe(ref plane, at)).StoreUnsafe(ref plane, at);
}
