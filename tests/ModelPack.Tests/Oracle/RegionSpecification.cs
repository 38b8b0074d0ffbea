namespace FaceFusion.Batch.ModelPack.Tests.Oracle;

/// <summary>
/// The face mesh's custom operators written down once more, plainly and in double precision, with an angle where the converted graph has
/// none. Source: mediapipe/util/tflite/operations.
/// </summary>
internal static class RegionSpecification
{
    /// <param name="landmarks">x, y, z of each point.</param>
    /// <param name="subset">The points that the region holds.</param>
    /// <param name="left">The point that the line of rotation starts at.</param>
    /// <param name="right">The point that it ends at.</param>
    /// <param name="size">Width and height of the region in its own pixels.</param>
    /// <param name="scale">Enlargement of the region.</param>
    /// <returns>Two rows of three: region pixels → landmark coordinates.</returns>
    public static double[,] Matrix(double[] landmarks, int[] subset, int left, int right, int size, double scale)
    {
        double angle = Math.Atan2(
            landmarks[(3 * right) + 1] - landmarks[(3 * left) + 1],
            landmarks[3 * right] - landmarks[3 * left]
        );
        double[] xs = [.. subset.Select(i => Turn(landmarks[3 * i], landmarks[(3 * i) + 1], -angle).X)];
        double[] ys = [.. subset.Select(i => Turn(landmarks[3 * i], landmarks[(3 * i) + 1], -angle).Y)];
        (double centreX, double centreY) = Turn((xs.Min() + xs.Max()) / 2, (ys.Min() + ys.Max()) / 2, angle);
        double scaleX = (xs.Max() - xs.Min()) * scale / size;
        double scaleY = (ys.Max() - ys.Min()) * scale / size;
        (double a, double c) = Turn(scaleX, 0, angle);
        (double b, double d) = Turn(0, scaleY, angle);
        double half = size / 2.0;
        return new[,]
        {
            { a, b, centreX - (half * (a + b)) },
            { c, d, centreY - (half * (c + d)) },
        };
    }

    /// <summary>Bilinear samples of a square map (HWC) at the region's pixel centres; zero outside.</summary>
    public static float[] Sample(float[] map, int mapSize, int channels, double[,] matrix, int size)
    {
        float[] region = new float[size * size * channels];
        for (int i = 0; i < size * size; i++)
        {
            (double x, double y) = Apply(matrix, (i % size) + 0.5, (i / size) + 0.5);
            x -= 0.5;
            y -= 0.5;
            if (x < 0 || y < 0 || x > mapSize - 1 || y > mapSize - 1)
            {
                continue;
            }

            int left = Math.Min((int)x, mapSize - 2);
            int top = Math.Min((int)y, mapSize - 2);
            for (int k = 0; k < channels; k++)
            {
                double At(int dx, int dy) => map[((((top + dy) * mapSize) + left + dx) * channels) + k];
                double above = At(0, 0) + ((x - left) * (At(1, 0) - At(0, 0)));
                double below = At(0, 1) + ((x - left) * (At(1, 1) - At(0, 1)));
                region[(i * channels) + k] = (float)(above + ((y - top) * (below - above)));
            }
        }

        return region;
    }

    public static (double X, double Y) Apply(double[,] matrix, double x, double y) =>
        (
            (matrix[0, 0] * x) + (matrix[0, 1] * y) + matrix[0, 2],
            (matrix[1, 0] * x) + (matrix[1, 1] * y) + matrix[1, 2]
        );

    private static (double X, double Y) Turn(double x, double y, double angle) =>
        ((x * Math.Cos(angle)) - (y * Math.Sin(angle)), (x * Math.Sin(angle)) + (y * Math.Cos(angle)));
}
