using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Imaging.Patches;

namespace FaceFusion.Batch.Faces.Upscaling;

/// <summary>
/// How a frame is cut for a model that takes squares of one size. The frame is thought with <see cref="ModelTiles.Pad"/> pixels of black
/// around it and divided into squares of <see cref="Inner"/> pixels; each is shown to the model with <see cref="ModelTiles.Overlap"/>
/// pixels more on every side, which are cut from what comes out. A tile that holds nothing but black is left out.
/// </summary>
public sealed class TileGrid
{
    private readonly ModelTiles _tiles;
    private readonly int _width;
    private readonly int _height;

    /// <param name="tiles">Size, pad and overlap in pixels of the frame.</param>
    /// <param name="width">Width of the frame in pixels.</param>
    /// <param name="height">Height of the frame in pixels.</param>
    /// <exception cref="ArgumentOutOfRangeException">The overlap leaves nothing of a tile.</exception>
    public TileGrid(ModelTiles tiles, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(tiles.Pad, nameof(tiles));
        ArgumentOutOfRangeException.ThrowIfNegative(tiles.Overlap, nameof(tiles));
        ArgumentOutOfRangeException.ThrowIfLessThan(tiles.Size, (2 * tiles.Overlap) + 1, nameof(tiles));
        _tiles = tiles;
        _width = width;
        _height = height;
        Columns = Pieces(width);
        Rows = Pieces(height);
    }

    /// <summary>Pixels of a tile that are used, along an edge.</summary>
    public int Inner => _tiles.Size - (2 * _tiles.Overlap);

    public int Columns { get; }

    public int Rows { get; }

    public int Count => Columns * Rows;

    /// <summary>What the model sees of tile <paramref name="index"/> (row by row), in frame pixels; reaches beyond the frame at its edges.</summary>
    public PixelRect Window(int index)
    {
        (int x, int y) = Start(index);
        return new(x - _tiles.Overlap, y - _tiles.Overlap, _tiles.Size, _tiles.Size);
    }

    /// <summary>What is used of the tile: the frame's pixels that no other tile gives.</summary>
    public PixelRect Kept(int index)
    {
        (int x, int y) = Start(index);
        return new PixelRect(x, y, Inner, Inner).Clip(_width, _height);
    }

    private (int X, int Y) Start(int index) =>
        ((index % Columns * Inner) - _tiles.Pad, (index / Columns * Inner) - _tiles.Pad);

    private int Pieces(int length) => (length + _tiles.Pad + Inner - 1) / Inner;
}
