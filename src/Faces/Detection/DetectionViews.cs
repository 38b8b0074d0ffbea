using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Geometry;

namespace FaceFusion.Batch.Faces.Detection;

/// <summary>One square of the frame that the detector looks at, turned upright.</summary>
/// <param name="CropToFrame">From the detector's 192x192 crop to frame pixels.</param>
/// <param name="Left">Edges of the square in frame pixels; infinite where the frame ends there.</param>
internal readonly record struct DetectionView(
    AffineMatrix CropToFrame,
    float Left,
    float Top,
    float Right,
    float Bottom
)
{
    /// <summary>True if an inner edge of the view may have cut the face.</summary>
    public bool Cuts(in FaceBox box) =>
        box.X < Left || box.Y < Top || box.X + box.Width > Right || box.Y + box.Height > Bottom;
}

/// <summary>
/// The squares to look at: the whole frame, letterboxed; thorough: also overlapping tiles of a half, a quarter, an eighth … of the longer
/// edge, so that small faces reach the detector at a size that it can see, and the whole frame with room around it.
/// </summary>
internal sealed class DetectionViews
{
    private const int CropSize = 192;

    /// <summary>Below this a tile shows the detector nothing that the frame holds.</summary>
    private const int SmallestTile = 144;

    /// <summary>Share of a tile that the next one repeats: a face up to this size lies whole in one of them.</summary>
    private const float TileOverlap = 0.3f;

    private const float Padding = 1.7f;

    private readonly DetectionView[] _views;

    /// <param name="rotation">Degrees that a player turns the frame clockwise: 0, 90, 180 or 270.</param>
    public DetectionViews(FrameFormat format, int rotation, bool thorough)
    {
        float whole = Math.Max(format.Width, format.Height);
        List<DetectionView> views =
        [
            View(format, rotation, (format.Width - whole) / 2, (format.Height - whole) / 2, whole),
        ];
        if (thorough)
        {
            // A face that fills the picture is found only with room around it.
            float padded = whole * Padding;
            views.Add(View(format, rotation, (format.Width - padded) / 2, (format.Height - padded) / 2, padded));
        }

        for (float tile = whole / 2; thorough && tile >= SmallestTile; tile /= 2)
        {
            AddTiles(views, format, rotation, tile);
        }

        _views = [.. views];
    }

    public int Count => _views.Length;

    public ReadOnlySpan<DetectionView>.Enumerator GetEnumerator() =>
        ((ReadOnlySpan<DetectionView>)_views).GetEnumerator();

    private static void AddTiles(List<DetectionView> views, FrameFormat format, int rotation, float tile)
    {
        int columns = Steps(format.Width, tile);
        int rows = Steps(format.Height, tile);
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                views.Add(
                    View(
                        format,
                        rotation,
                        Start(format.Width, tile, column, columns),
                        Start(format.Height, tile, row, rows),
                        tile
                    )
                );
            }
        }
    }

    private static int Steps(int length, float tile) =>
        length <= tile ? 1 : 1 + (int)MathF.Ceiling((length - tile) / (tile * (1 - TileOverlap)));

    /// <summary>Tiles are spread evenly from edge to edge; a tile longer than the frame is centred on it.</summary>
    private static float Start(int length, float tile, int index, int count) =>
        count == 1 ? (length - tile) / 2 : (length - tile) * index / (count - 1);

    private static DetectionView View(FrameFormat format, int rotation, float x, float y, float size)
    {
        // The picture stands upright after a clockwise turn, so in the frame it lies turned the other way.
        float scale = size / CropSize;
        (float c, float s) = rotation switch
        {
            90 => (0f, -scale),
            180 => (-scale, 0f),
            270 => (0f, scale),
            _ => (scale, 0f),
        };
        float half = (CropSize - 1) * 0.5f;
        float centerX = x + ((size - 1) * 0.5f);
        float centerY = y + ((size - 1) * 0.5f);
        var toFrame = new AffineMatrix(
            c,
            -s,
            centerX - (c * half) + (s * half),
            s,
            c,
            centerY - (s * half) - (c * half)
        );
        return new DetectionView(
            toFrame,
            x <= 0 ? float.NegativeInfinity : x,
            y <= 0 ? float.NegativeInfinity : y,
            x + size >= format.Width ? float.PositiveInfinity : x + size,
            y + size >= format.Height ? float.PositiveInfinity : y + size
        );
    }
}
