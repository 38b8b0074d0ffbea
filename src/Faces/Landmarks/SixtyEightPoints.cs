namespace FaceFusion.Batch.Faces.Landmarks;

/// <summary>
/// The 68 points of a face (Sagonas et al. 2013, iBUG 300-W): 0–16 jaw, 17–26 brows, 27–35 nose, 36–41 and 42–47 eyes, 48–67 mouth; from
/// the picture's left to its right.
/// </summary>
public static class SixtyEightPoints
{
    public const int Count = 68;

    /// <summary>The five points that templates name: middles of the eyes, nose tip, corners of the mouth.</summary>
    /// <param name="xy">x, y of the 68 points.</param>
    /// <param name="five">Receives x, y of the five.</param>
    public static void ToFive(ReadOnlySpan<float> xy, Span<float> five)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(xy.Length, 2 * Count);
        Mean(xy.Slice(2 * 36, 12), five);
        Mean(xy.Slice(2 * 42, 12), five[2..]);
        xy.Slice(2 * 30, 2).CopyTo(five[4..]);
        xy.Slice(2 * 48, 2).CopyTo(five[6..]);
        xy.Slice(2 * 54, 2).CopyTo(five[8..]);
    }

    /// <summary>Degrees by which the line from one end of the jaw to the other is turned clockwise, 0 or more and less than 360.</summary>
    public static float Angle(ReadOnlySpan<float> xy)
    {
        float degrees = MathF.Atan2(xy[33] - xy[1], xy[32] - xy[0]) * (180 / MathF.PI);
        return degrees < 0 ? degrees + 360 : degrees;
    }

    private static void Mean(ReadOnlySpan<float> xy, Span<float> into)
    {
        float x = 0;
        float y = 0;
        for (int i = 0; i < xy.Length; i += 2)
        {
            x += xy[i];
            y += xy[i + 1];
        }

        into[0] = x / (xy.Length / 2);
        into[1] = y / (xy.Length / 2);
    }
}
