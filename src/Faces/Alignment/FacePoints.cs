namespace FaceFusion.Batch.Faces.Alignment;

/// <summary>The five points that a face is aligned by: eye, eye, nose tip, mouth corner, mouth corner, the picture's left before its right.</summary>
public static class FacePoints
{
    /// <summary>Numbers of five points.</summary>
    public const int Length = 2 * FaceTemplate.Points;

    /// <summary>Five points of a mesh: each eye midway between its corners, the nose tip and the mouth corners themselves.</summary>
    /// <param name="landmarks">x, y, z of each mesh point, as <see cref="TrackedFace.Landmarks"/>.</param>
    /// <param name="points">Receives x, y of each, <see cref="Length"/> values.</param>
    public static void FromMesh(ReadOnlySpan<float> landmarks, Span<float> points)
    {
        Middle(landmarks, 33, 133, points);
        Middle(landmarks, 263, 362, points[2..]);
        Middle(landmarks, 1, 1, points[4..]);
        Middle(landmarks, 61, 61, points[6..]);
        Middle(landmarks, 291, 291, points[8..]);
    }

    /// <summary>The face's own five points where a landmarker found some, else those of its mesh.</summary>
    /// <returns>False where the face has neither, or one of them is not finite.</returns>
    public static bool TryRead(TrackedFace face, Span<float> points)
    {
        if (face.Points is { } own)
        {
            own.AsSpan(0, Length).CopyTo(points);
        }
        else if (face.HasLandmarks)
        {
            FromMesh(face.Landmarks, points);
        }
        else
        {
            return false;
        }

        float sum = 0;
        for (int i = 0; i < Length; i++)
        {
            sum += points[i];
        }

        return float.IsFinite(sum);
    }

    private static void Middle(ReadOnlySpan<float> landmarks, int a, int b, Span<float> xy)
    {
        xy[0] = (landmarks[3 * a] + landmarks[3 * b]) * 0.5f;
        xy[1] = (landmarks[(3 * a) + 1] + landmarks[(3 * b) + 1]) * 0.5f;
    }
}
