namespace FaceFusion.Batch.Imaging.Rasterizing;

public static partial class TriangleRaster
{
    /// <summary>The specification: the vector path gives the same bits.</summary>
    internal static void DrawScalar(in Setup t, in RasterTarget target)
    {
        for (int y = t.Top; y <= t.Bottom; y++)
        {
            float dy = y - t.OriginY;
            float rowB = dy * t.StepYb;
            float rowC = dy * t.StepYc;
            int row = (y - target.Top) * target.Width;
            for (int x = t.Left; x <= t.Right; x++)
            {
                float dx = x - t.OriginX;
                float wb = (dx * t.StepXb) + rowB;
                float wc = (dx * t.StepXc) + rowC;
                if (!(wb >= -Slack && wc >= -Slack && wb + wc <= 1 + Slack))
                {
                    continue;
                }

                int at = row + x;
                float depth = t.Depth.At(wb, wc);
                if (depth < target.Depth[at])
                {
                    target.Depth[at] = depth;
                    target.A[at] = t.A.At(wb, wc);
                    target.B[at] = t.B.At(wb, wc);
                    target.C[at] = t.C.At(wb, wc);
                    target.D[at] = t.D.At(wb, wc);
                }
            }
        }
    }
}
