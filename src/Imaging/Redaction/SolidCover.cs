using FaceFusion.Batch.Imaging.Color;
using FaceFusion.Batch.Imaging.Drawing;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Redaction;

/// <summary>Paints a region over with one colour, in all planes. Nothing outside it is written.</summary>
public static class SolidCover
{
    public static void Apply(Frame frame, in CoverRegion region, CanvasColor color)
    {
        if (!region.Meets(frame.Format))
        {
            return;
        }

        (int y, int u, int v) = FrameColor.Of(frame.Format, color);
        for (int plane = 0; plane < 3; plane++)
        {
            int sample =
                plane == 0 ? y
                : plane == 1 ? u
                : v;
            CoverSpans spans = new(region, frame.Format, plane);
            for (int row = spans.FirstRow; row <= spans.LastRow; row++)
            {
                (int first, int last) = spans.Columns(row);
                if (last < first)
                {
                    continue;
                }

                if (frame.Format.BitDepth > 8)
                {
                    frame.Plane16(plane).Slice((row * spans.Width) + first, last + 1 - first).Fill((ushort)sample);
                }
                else
                {
                    frame.Plane(plane).Slice((row * spans.Width) + first, last + 1 - first).Fill((byte)sample);
                }
            }
        }
    }
}
