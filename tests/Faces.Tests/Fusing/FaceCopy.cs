namespace FaceFusion.Batch.Faces.Tests.Fusing;

/// <summary>A face that a test may change.</summary>
internal static class FaceCopy
{
    public static TrackedFace Of(TrackedFace face)
    {
        TrackedFace copy = new()
        {
            Box = face.Box,
            HasLandmarks = face.HasLandmarks,
            Score = face.Score,
            Person = face.Person,
            Yaw = face.Yaw,
            Pitch = face.Pitch,
            Color = face.Color,
        };
        face.Landmarks.CopyTo(copy.Landmarks, 0);
        return copy;
    }

    /// <summary>Scales the mesh about the origin and shifts it.</summary>
    public static TrackedFace Moved(TrackedFace face, float scale, float x, float y)
    {
        TrackedFace copy = Of(face);
        for (int i = 0; i < copy.Landmarks.Length; i += 3)
        {
            copy.Landmarks[i] = (copy.Landmarks[i] * scale) + x;
            copy.Landmarks[i + 1] = (copy.Landmarks[i + 1] * scale) + y;
            copy.Landmarks[i + 2] *= scale;
        }

        return copy;
    }
}
