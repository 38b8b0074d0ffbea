namespace FaceFusion.Batch.Imaging.Patches;

/// <summary>The specification of a crop's way into the frame, pixel by pixel.</summary>
public static unsafe partial class PasteBack
{
    internal static void WarpScalar(in WarpPlan plan, float* yuv, float* mask, in WarpTarget target)
    {
        for (int row = 0; row < plan.Region.Height; row++)
        {
            WarpColumns(plan, yuv, mask, target, row, 0);
        }
    }

    /// <summary>The rest of a row from <paramref name="column"/> on.</summary>
    private static void WarpColumns(
        in WarpPlan plan,
        float* yuv,
        float* mask,
        in WarpTarget target,
        int row,
        int column
    )
    {
        for (; column < plan.Region.Width; column++)
        {
            int at = (row * plan.Region.Width) + column;
            if (plan.Taps == 1)
            {
                WarpOne(plan, yuv, mask, target, row, column, at);
            }
            else
            {
                WarpMean(plan, yuv, mask, target, row, column, at);
            }
        }
    }

    private static void WarpOne(
        in WarpPlan plan,
        float* yuv,
        float* mask,
        in WarpTarget target,
        int row,
        int column,
        int at
    )
    {
        float weight = 0,
            y = 0,
            cb = 0,
            cr = 0;
        if (Reach(plan, row, column, 0, 0, out CropPlace place, out float fade))
        {
            int plane = plan.Width * plan.Height;
            weight = place.Of(mask) * fade;
            y = place.Of(yuv);
            cb = place.Of(yuv + plane);
            cr = place.Of(yuv + (2 * plane));
        }

        target.Weight[at] = weight > 0 ? weight : 0;
        target.Y[at] = y;
        target.Cb[at] = cb;
        target.Cr[at] = cr;
    }

    private static void WarpMean(
        in WarpPlan plan,
        float* yuv,
        float* mask,
        in WarpTarget target,
        int row,
        int column,
        int at
    )
    {
        int plane = plan.Width * plan.Height;
        int taps = plan.Taps * plan.Taps;
        float sum = 0,
            y = 0,
            cb = 0,
            cr = 0;
        for (int tap = 0; tap < taps; tap++)
        {
            (float dx, float dy) = plan.Offset(tap);
            if (!Reach(plan, row, column, dx, dy, out CropPlace place, out float fade))
            {
                continue;
            }

            float w = place.Of(mask) * fade;
            if (w > 0)
            {
                sum += w;
                y += w * place.Of(yuv);
                cb += w * place.Of(yuv + plane);
                cr += w * place.Of(yuv + (2 * plane));
            }
        }

        float share = sum > 0 ? 1 / sum : 0;
        target.Weight[at] = sum / taps;
        target.Y[at] = y * share;
        target.Cb[at] = cb * share;
        target.Cr[at] = cr * share;
    }

    /// <summary>Where a tap of a pixel lies in the crop, and what is left of the mask there: 1 within, less over the one pixel beyond.</summary>
    private static bool Reach(
        in WarpPlan plan,
        int row,
        int column,
        float dx,
        float dy,
        out CropPlace place,
        out float fade
    )
    {
        (float x, float y) = plan.FrameToCrop.Apply(plan.Region.X + column + dx, plan.Region.Y + row + dy);
        float within = Math.Min(Math.Min(x, plan.Width - 1 - x), 0) + 1;
        float below = Math.Min(Math.Min(y, plan.Height - 1 - y), 0) + 1;
        fade = within * below;
        place = default;
        if (!(within > 0 && below > 0))
        {
            return false;
        }

        place = new CropPlace(
            Math.Clamp(x, 0, plan.Width - 1),
            Math.Clamp(y, 0, plan.Height - 1),
            plan.Width,
            plan.Height
        );
        return true;
    }

    /// <summary>A place inside a crop, to read several planes at bilinearly.</summary>
    private readonly struct CropPlace
    {
        private readonly int _upperLeft;
        private readonly int _right;
        private readonly int _down;
        private readonly float _fx;
        private readonly float _fy;

        public CropPlace(float x, float y, int width, int height)
        {
            int left = (int)x;
            int top = (int)y;
            _fx = x - left;
            _fy = y - top;
            _upperLeft = (top * width) + left;
            _right = left + 1 < width ? 1 : 0;
            _down = top + 1 < height ? width : 0;
        }

        public float Of(float* plane)
        {
            float a = plane[_upperLeft];
            float c = plane[_upperLeft + _down];
            float above = a + (_fx * (plane[_upperLeft + _right] - a));
            float below = c + (_fx * (plane[_upperLeft + _down + _right] - c));
            return above + (_fy * (below - above));
        }
    }
}
