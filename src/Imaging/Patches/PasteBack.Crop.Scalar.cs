namespace FaceFusion.Batch.Imaging.Patches;

/// <summary>The specification of a crop's way into the frame, pixel by pixel.</summary>
public static unsafe partial class PasteBack
{
    internal static void WarpScalar(in WarpPlan plan, float* rgb, float* mask, in WarpTarget target)
    {
        for (int row = 0; row < plan.Region.Height; row++)
        {
            WarpColumns(plan, rgb, mask, target, row, 0);
        }
    }

    /// <summary>The rest of a row from <paramref name="column"/> on.</summary>
    private static void WarpColumns(
        in WarpPlan plan,
        float* rgb,
        float* mask,
        in WarpTarget target,
        int row,
        int column
    )
    {
        int plane = plan.Width * plan.Height;
        int taps = plan.Taps * plan.Taps;
        for (; column < plan.Region.Width; column++)
        {
            float sum = 0,
                sumR = 0,
                sumG = 0,
                sumB = 0;
            for (int tap = 0; tap < taps; tap++)
            {
                (float dx, float dy) = plan.Offset(tap);
                (float x, float y) = plan.FrameToCrop.Apply(plan.Region.X + column + dx, plan.Region.Y + row + dy);
                float within = Math.Min(Math.Min(x, plan.Width - 1 - x), 0) + 1;
                float below = Math.Min(Math.Min(y, plan.Height - 1 - y), 0) + 1;
                if (!(within > 0 && below > 0))
                {
                    continue;
                }

                CropPlace place = new(
                    Math.Clamp(x, 0, plan.Width - 1),
                    Math.Clamp(y, 0, plan.Height - 1),
                    plan.Width,
                    plan.Height
                );
                float w = place.Of(mask) * (within * below);
                if (w > 0)
                {
                    sum += w;
                    sumR += w * place.Of(rgb);
                    sumG += w * place.Of(rgb + plane);
                    sumB += w * place.Of(rgb + (2 * plane));
                }
            }

            int at = (row * plan.Region.Width) + column;
            float share = sum > 0 ? 1 / sum : 0;
            target.Weight[at] = sum / taps;
            target.R[at] = sumR * share;
            target.G[at] = sumG * share;
            target.B[at] = sumB * share;
        }
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
