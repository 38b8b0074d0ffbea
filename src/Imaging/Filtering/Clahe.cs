namespace FaceFusion.Batch.Imaging.Filtering;

/// <summary>
/// Contrast limited adaptive histogram equalisation of one plane of bytes (Zuiderveld 1994), to the last bit as OpenCV 4 does it for sizes
/// that the tiles divide. One per thread: it owns the tiles' curves.
/// </summary>
public sealed class Clahe
{
    private const int Levels = 256;

    private readonly int _width;
    private readonly int _height;
    private readonly int _tiles;
    private readonly int _tileWidth;
    private readonly int _tileHeight;
    private readonly int _limit;
    private readonly byte[] _curves;

    /// <param name="width">Of the plane, a multiple of <paramref name="tiles"/>.</param>
    /// <param name="height">Likewise.</param>
    /// <param name="clip">A level may hold this many times its share of a tile's pixels.</param>
    /// <param name="tiles">Along each axis.</param>
    /// <exception cref="ArgumentException">The tiles do not divide the size.</exception>
    public Clahe(int width, int height, double clip, int tiles)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tiles, 1);
        if (width < tiles || height < tiles || width % tiles != 0 || height % tiles != 0)
        {
            throw new ArgumentException($"{tiles} tiles do not divide {width}x{height}.", nameof(tiles));
        }

        _width = width;
        _height = height;
        _tiles = tiles;
        _tileWidth = width / tiles;
        _tileHeight = height / tiles;
        _limit = Math.Max(1, (int)(clip * _tileWidth * _tileHeight / Levels));
        _curves = new byte[tiles * tiles * Levels];
    }

    /// <summary>Equalises the plane in place.</summary>
    /// <exception cref="ArgumentException"><paramref name="plane"/> is shorter than width × height.</exception>
    public void Apply(Span<byte> plane)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(plane.Length, _width * _height, nameof(plane));
        for (int row = 0; row < _tiles; row++)
        {
            for (int column = 0; column < _tiles; column++)
            {
                MakeCurve(plane, column, row);
            }
        }

        for (int y = 0; y < _height; y++)
        {
            float placeY = (y * (1f / _tileHeight)) - 0.5f;
            int upper = (int)MathF.Floor(placeY);
            float lowerShare = placeY - upper;
            ReadOnlySpan<byte> above = Curves(Math.Max(upper, 0));
            ReadOnlySpan<byte> below = Curves(Math.Min(upper + 1, _tiles - 1));
            Span<byte> line = plane.Slice(y * _width, _width);
            for (int x = 0; x < line.Length; x++)
            {
                float placeX = (x * (1f / _tileWidth)) - 0.5f;
                int before = (int)MathF.Floor(placeX);
                float rightShare = placeX - before;
                float leftShare = 1 - rightShare;
                int left = (Math.Max(before, 0) * Levels) + line[x];
                int right = (Math.Min(before + 1, _tiles - 1) * Levels) + line[x];
                float value =
                    (((above[left] * leftShare) + (above[right] * rightShare)) * (1 - lowerShare))
                    + (((below[left] * leftShare) + (below[right] * rightShare)) * lowerShare);
                line[x] = (byte)MathF.Round(value);
            }
        }
    }

    private ReadOnlySpan<byte> Curves(int row) => _curves.AsSpan(row * _tiles * Levels, _tiles * Levels);

    private void MakeCurve(ReadOnlySpan<byte> plane, int column, int row)
    {
        Span<int> counts = stackalloc int[Levels];
        counts.Clear();
        for (int y = 0; y < _tileHeight; y++)
        {
            foreach (
                byte value in plane.Slice((((row * _tileHeight) + y) * _width) + (column * _tileWidth), _tileWidth)
            )
            {
                counts[value]++;
            }
        }

        Clip(counts);
        Span<byte> curve = _curves.AsSpan(((row * _tiles) + column) * Levels, Levels);
        float scale = (Levels - 1f) / (_tileWidth * _tileHeight);
        int sum = 0;
        for (int i = 0; i < Levels; i++)
        {
            sum += counts[i];
            curve[i] = (byte)Math.Min(255, MathF.Round(sum * scale));
        }
    }

    /// <summary>What lies above the limit is spread over all levels; the rest of that division goes one by one to levels evenly apart.</summary>
    private void Clip(Span<int> counts)
    {
        int clipped = 0;
        foreach (ref int count in counts)
        {
            clipped += Math.Max(0, count - _limit);
            count = Math.Min(count, _limit);
        }

        int share = clipped / Levels;
        foreach (ref int count in counts)
        {
            count += share;
        }

        int rest = clipped % Levels;
        int step = rest > 0 ? Math.Max(1, Levels / rest) : 1;
        for (int i = 0; i < Levels && rest > 0; i += step)
        {
            counts[i]++;
            rest--;
        }
    }
}
