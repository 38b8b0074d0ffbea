using FaceFusion.Batch.Imaging.Color;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Drawing;

/// <summary>Draws into a frame's planes, in the frame's own YUV. A chroma sample takes the colour of whatever touches it last.</summary>
public readonly struct FrameCanvas(Frame frame)
{
    public void Fill(int x, int y, int width, int height, CanvasColor color) =>
        Shapes.Fill(new FramePen(frame, color), x, y, width, height);

    public void Box(int x, int y, int width, int height, CanvasColor color, int thickness = 1) =>
        Shapes.Box(new FramePen(frame, color), x, y, width, height, thickness);

    public void Line(float x0, float y0, float x1, float y1, CanvasColor color, int thickness = 1) =>
        Shapes.Line(new FramePen(frame, color), x0, y0, x1, y1, thickness);

    public void Dot(float x, float y, float radius, CanvasColor color) =>
        Shapes.Dot(new FramePen(frame, color), x, y, radius);

    /// <summary>Text in the <see cref="Font"/>, its top left pixel at (x, y).</summary>
    public void Text(int x, int y, ReadOnlySpan<char> text, CanvasColor color, int scale = 1) =>
        Shapes.Text(new FramePen(frame, color), x, y, text, scale);

    private readonly struct FramePen : ICanvas
    {
        private readonly Frame _frame;
        private readonly ushort _y;
        private readonly ushort _u;
        private readonly ushort _v;
        private readonly int _chromaShiftX;
        private readonly int _chromaShiftY;

        public FramePen(Frame frame, CanvasColor color)
        {
            _frame = frame;
            FrameFormat format = frame.Format;
            _chromaShiftX = format.Chroma == ChromaLayout.Yuv444 ? 0 : 1;
            _chromaShiftY = format.Chroma == ChromaLayout.Yuv420 ? 1 : 0;
            (int y, int u, int v) = FrameColor.Of(format, color);
            (_y, _u, _v) = ((ushort)y, (ushort)u, (ushort)v);
        }

        public int Width => _frame.Format.Width;
        public int Height => _frame.Format.Height;

        public void Set(int x, int y)
        {
            FrameFormat format = _frame.Format;
            int luma = (y * format.Width) + x;
            int chroma = ((y >> _chromaShiftY) * format.ChromaWidth) + (x >> _chromaShiftX);
            if (format.BitDepth > 8)
            {
                _frame.Plane16(0)[luma] = _y;
                _frame.Plane16(1)[chroma] = _u;
                _frame.Plane16(2)[chroma] = _v;
            }
            else
            {
                _frame.Plane(0)[luma] = (byte)_y;
                _frame.Plane(1)[chroma] = (byte)_u;
                _frame.Plane(2)[chroma] = (byte)_v;
            }
        }
    }
}
