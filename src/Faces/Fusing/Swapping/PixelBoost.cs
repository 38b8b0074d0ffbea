namespace FaceFusion.Batch.Faces.Fusing.Swapping;

/// <summary>
/// Cuts a large crop into tiles that a small model can take: every k-th pixel of every k-th row, so that each of the k × k tiles shows
/// the whole face, shifted by a pixel of the large crop. Tile <c>a · k + b</c> begins at row a, column b.
/// </summary>
public static class PixelBoost
{
    /// <param name="crop">3 × (k · size)² values.</param>
    /// <param name="tile">0 to k² − 1.</param>
    /// <param name="into">Receives 3 × size² values.</param>
    public static void Split(ReadOnlySpan<float> crop, int size, int k, int tile, Span<float> into)
    {
        if (k == 1)
        {
            crop[..(3 * size * size)].CopyTo(into);
            return;
        }

        int at = 0;
        for (int row = 0; row < 3 * size; row++)
        {
            ReadOnlySpan<float> line = crop.Slice(LineOf(row, size, k, tile), size * k);
            for (int x = tile % k; x < line.Length; x += k)
            {
                into[at++] = line[x];
            }
        }
    }

    /// <summary>Puts a tile back where <see cref="Split"/> took it from.</summary>
    public static void Merge(ReadOnlySpan<float> tileValues, int size, int k, int tile, Span<float> crop)
    {
        if (k == 1)
        {
            tileValues[..(3 * size * size)].CopyTo(crop);
            return;
        }

        int at = 0;
        for (int row = 0; row < 3 * size; row++)
        {
            Span<float> line = crop.Slice(LineOf(row, size, k, tile), size * k);
            for (int x = tile % k; x < line.Length; x += k)
            {
                line[x] = tileValues[at++];
            }
        }
    }

    /// <summary>Where in the large crop the line begins that a tile's row (counted through all three planes) comes from.</summary>
    private static int LineOf(int row, int size, int k, int tile) => ((row * k) + (tile / k)) * size * k;
}
