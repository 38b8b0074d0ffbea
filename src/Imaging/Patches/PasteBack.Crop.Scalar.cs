namespace FaceFusion.Batch.Imaging.Patches;

/// <summary>The specification of a crop's way into the frame, pixel by pixel.</summary>
public static unsafe partial class PasteBack
{
    internal static void WarpScalar(in WarpPlan plan, in CropPlanes crop, in WarpTarget target)
    {
        for (int row = 0; row < plan.Region.Height; row++)
        {
            WarpColumns(plan, crop, target, row, 0);
        }
    }

    /// <summary>The rest of a row from <paramref name="column"/> on.</summary>
    private static void WarpColumns(in WarpPlan plan, in CropPlanes crop, in WarpTarget target, int row, int column)
    {
        for (; column < plan.Region.Width; column++)
        {
            int at = (row * plan.Region.Width) + column;
            if (plan.Taps == 1)
            {
                WarpOne(plan, crop, target, row, column, at);
            }
            else
            {
                WarpMean(plan, crop, target, row, column, at);
            }
        }
    }

    private static void WarpOne(in WarpPlan plan, in CropPlanes crop, in WarpTarget target, int row, int column, int at)
    {
        float weight = 0,
            y = 0,
            cb = 0,
            cr = 0;
        if (Reach(plan, crop, row, column, 0, 0, out CropPlace place, out float fade))
        {
            weight = place.Of(crop.Mask) * fade;
            y = place.Of(crop.Y);
            cb = place.Of(crop.Cb);
            cr = place.Of(crop.Cr);
        }

        // Without weight the colours are nothing either, so that nobody need read them.
        bool weighted = weight > 0;
        target.Weight[at] = weighted ? weight : 0;
        target.Y[at] = weighted ? y : 0;
        target.Cb[at] = weighted ? cb : 0;
        target.Cr[at] = weighted ? cr : 0;
    }

    private static void WarpMean(
        in WarpPlan plan,
        in CropPlanes crop,
        in WarpTarget target,
        int row,
        int column,
        int at
    )
    {
        int taps = plan.Taps * plan.Taps;
        float sum = 0,
            y = 0,
            cb = 0,
            cr = 0;
        for (int tap = 0; tap < taps; tap++)
        {
            (float dx, float dy) = plan.Offset(tap);
            if (!Reach(plan, crop, row, column, dx, dy, out CropPlace place, out float fade))
            {
                continue;
            }

            float w = place.Of(crop.Mask) * fade;
            if (w > 0)
            {
                sum += w;
                y += w * place.Of(crop.Y);
                cb += w * place.Of(crop.Cb);
                cr += w * place.Of(crop.Cr);
            }
        }

        float share = sum > 0 ? 1 / sum : 0;
        target.Weight[at] = sum / taps;
        target.Y[at] = y * share;
        target.Cb[at] = cb * share;
        target.Cr[at] = cr * share;
    }

    /// <summary>The weights alone.</summary>
    private static void WeighScalar(in WarpPlan plan, in CropPlanes crop, Span<float> weights)
    {
        int taps = plan.Taps * plan.Taps;
        for (int at = 0; at < plan.Region.Area; at++)
        {
            float sum = 0;
            for (int tap = 0; tap < taps; tap++)
            {
                (float dx, float dy) = plan.Offset(tap);
                (int row, int column) = Math.DivRem(at, plan.Region.Width);
                if (Reach(plan, crop, row, column, dx, dy, out CropPlace place, out float fade))
                {
                    float weight = place.Of(crop.Mask) * fade;
                    sum += weight > 0 ? weight : 0;
                }
            }

            weights[at] = sum / taps;
        }
    }

    /// <summary>Where a tap of a pixel lies in the crop, and what is left of the mask there: 1 within, less over the one pixel beyond.</summary>
    private static bool Reach(
        in WarpPlan plan,
        in CropPlanes crop,
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

        place = new CropPlace(crop, Math.Clamp(x, 0, crop.Width - 1), Math.Clamp(y, 0, crop.Height - 1));
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

        public CropPlace(in CropPlanes crop, float x, float y)
        {
            int left = (int)x;
            int top = (int)y;
            _fx = x - left;
            _fy = y - top;
            _upperLeft = (top * crop.Stride) + left;
            _right = left + 1 < crop.Width ? 1 : 0;
            _down = top + 1 < crop.Height ? crop.Stride : 0;
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
