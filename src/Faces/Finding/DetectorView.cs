using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Imaging.Geometry;

namespace FaceFusion.Batch.Faces.Finding;

/// <summary>
/// How a frame lies on a detector's square canvas: turned by a right angle, with black margins around it, made smaller (never larger) to
/// fit, in the upper left corner; the rest is black.
/// </summary>
internal readonly struct DetectorView
{
    private readonly double _ratioX;
    private readonly double _ratioY;
    private readonly int _left;
    private readonly int _top;
    private readonly AffineMatrix _turnedToFrame;

    /// <param name="width">Of the frame in pixels.</param>
    /// <param name="height">Of the frame in pixels.</param>
    /// <param name="angle">Degrees by which it is turned counter-clockwise: 0, 90, 180 or 270.</param>
    /// <param name="margins">Around the turned frame.</param>
    /// <param name="size">Edge of the canvas in pixels.</param>
    public DetectorView(int width, int height, int angle, FaceMargins margins, int size)
    {
        bool isOnSide = angle is 90 or 270;
        int turnedWidth = isOnSide ? height : width;
        int turnedHeight = isOnSide ? width : height;
        _turnedToFrame = RightAngle.Undo(angle, width, height);
        _left = Margin(margins.Left, turnedWidth);
        _top = Margin(margins.Top, turnedHeight);
        int paddedWidth = turnedWidth + _left + Margin(margins.Right, turnedWidth);
        int paddedHeight = turnedHeight + _top + Margin(margins.Bottom, turnedHeight);
        bool isShrunk = paddedWidth > size || paddedHeight > size;
        double scale = isShrunk ? Math.Min(size / (double)paddedHeight, size / (double)paddedWidth) : 1;
        _ratioX = paddedWidth / (double)Math.Max(1, (int)(paddedWidth * scale));
        _ratioY = paddedHeight / (double)Math.Max(1, (int)(paddedHeight * scale));

        // Pixel centres: 0.5 on the canvas is 0.5 · ratio on the frame. At a ratio of 1 nothing moves.
        CanvasToFrame = _turnedToFrame.After(
            new AffineMatrix(
                (float)_ratioX,
                0,
                (float)((0.5 * _ratioX) - 0.5 - _left),
                0,
                (float)_ratioY,
                (float)((0.5 * _ratioY) - 0.5 - _top)
            )
        );
    }

    /// <summary>From the canvas's pixels to the frame's, to sample by. Places of a detector go through <see cref="ToFrame"/>.</summary>
    public AffineMatrix CanvasToFrame { get; }

    /// <summary>Takes a candidate from the canvas to the frame. Detectors were published with places that are scaled without a half pixel.</summary>
    public void ToFrame(ref FaceCandidate candidate)
    {
        (float x1, float y1) = Map(candidate.Left, candidate.Top);
        (float x2, float y2) = Map(candidate.Right, candidate.Bottom);
        candidate.Left = MathF.Min(x1, x2);
        candidate.Top = MathF.Min(y1, y2);
        candidate.Right = MathF.Max(x1, x2);
        candidate.Bottom = MathF.Max(y1, y2);
        Span<float> points = candidate.Points;
        for (int i = 0; i < points.Length; i += 2)
        {
            (points[i], points[i + 1]) = Map(points[i], points[i + 1]);
        }
    }

    private (float X, float Y) Map(float x, float y) =>
        _turnedToFrame.Apply((float)((x * _ratioX) - _left), (float)((y * _ratioY) - _top));

    /// <summary>100 percent are half of the length.</summary>
    private static int Margin(int percent, int length) => (int)(length * (percent * 0.5 / 100));
}
