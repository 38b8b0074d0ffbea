using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Faces.Landmarks;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Geometry;
using FaceFusion.Batch.Imaging.Sampling;

namespace FaceFusion.Batch.Faces.Scanning;

/// <summary>Finds the one face of a source photo.</summary>
public static class SourceFaces
{
    /// <summary>Degrees of yaw above which half the face is hidden in the photo.</summary>
    public const float MaxGoodYaw = 35;

    private const int MaxFaces = 64;
    private const int MaxCrop = 1024;
    private const float MinMeshScore = 0.5f;

    /// <summary>A face smaller than this share of the largest is a passer-by, not a second source.</summary>
    private const float Bystander = 0.4f;

    private const float SmallFace = 80;
    private const float CropGrowth = 1.6f;

    /// <param name="photo">Upright, as a viewer shows it.</param>
    /// <param name="identity">Name of the identity that the photo belongs to.</param>
    /// <param name="photoName">What to call the photo in messages; null: the identity's name.</param>
    /// <exception cref="InvalidRecipeException"><c>source-no-face</c>, <c>source-many-faces</c>.</exception>
    public static SourceFace Read(FrameAnalyser analyser, Frame photo, string identity, string? photoName = null)
    {
        string name = photoName ?? identity;
        List<FaceBox> faces = Find(analyser, photo, thorough: false);
        if (faces.Count == 0)
        {
            faces = Find(analyser, photo, thorough: true);
        }

        FaceBox face = TheOnlyOne(faces, name);
        float[] landmarks = new float[TrackedFace.LandmarkCount * 3];
        analyser.FindLandmarks(photo, face, landmarks);

        // A still photo can afford a second look from a crop that the mesh itself placed: tight portraits gain most.
        analyser.FindLandmarks(photo, Around(landmarks), landmarks);
        float[] embedding = new float[FrameAnalyser.EmbeddingLength];
        analyser.Embed(photo, landmarks, embedding);
        (float yaw, float pitch) = HeadPose.Measure(landmarks, analyser.Models.Mesh);
        FaceAttributes? attributes = analyser.Classify(photo, landmarks);
        string? warning = Warn(name, Around(landmarks).Size, yaw);
        float[] rgb = Crop(photo, landmarks, out int width, out int height);
        return new SourceFace
        {
            Identity = identity,
            Photo = name,
            Width = width,
            Height = height,
            Rgb = rgb,
            Landmarks = landmarks,
            Embedding = embedding,
            Yaw = yaw,
            Pitch = pitch,
            Attributes = attributes,
            Warning = warning,
        };
    }

    private static List<FaceBox> Find(FrameAnalyser analyser, Frame photo, bool thorough)
    {
        FaceBox[] boxes = new FaceBox[MaxFaces];
        float[] landmarks = new float[TrackedFace.LandmarkCount * 3];
        int count = analyser.Detect(photo, boxes, thorough);
        List<FaceBox> faces = [];
        foreach (FaceBox box in boxes.AsSpan(0, count))
        {
            if (analyser.FindLandmarks(photo, box, landmarks) >= MinMeshScore)
            {
                faces.Add(box);
            }
        }

        return faces;
    }

    private static FaceBox TheOnlyOne(List<FaceBox> faces, string name)
    {
        if (faces.Count == 0)
        {
            throw new InvalidRecipeException(
                "source-no-face",
                $"No face was found in the source photo {name}; use a sharp, frontal photo of one person."
            );
        }

        float largest = faces.Max(face => face.Size);
        FaceBox[] large = [.. faces.Where(face => face.Size >= Bystander * largest)];
        return large.Length == 1
            ? large[0]
            : throw new InvalidRecipeException(
                "source-many-faces",
                $"The source photo {name} shows {large.Length} faces; crop it to the one that is meant."
            );
    }

    /// <summary>The square that the mesh spans, turned with the eyes.</summary>
    private static FaceBox Around(ReadOnlySpan<float> xyz)
    {
        float left = float.MaxValue;
        float top = float.MaxValue;
        float right = float.MinValue;
        float bottom = float.MinValue;
        for (int i = 0; i < CanonicalMesh.VertexCount * 3; i += 3)
        {
            left = MathF.Min(left, xyz[i]);
            right = MathF.Max(right, xyz[i]);
            top = MathF.Min(top, xyz[i + 1]);
            bottom = MathF.Max(bottom, xyz[i + 1]);
        }

        const int RightEye = 33 * 3;
        const int LeftEye = 263 * 3;
        float angle = MathF.Atan2(xyz[LeftEye + 1] - xyz[RightEye + 1], xyz[LeftEye] - xyz[RightEye]);
        return new FaceBox(left, top, right - left, bottom - top, 1, angle);
    }

    /// <summary>The picture around the face, made smaller where the photo is larger than any target needs; the points move along.</summary>
    private static float[] Crop(Frame photo, float[] landmarks, out int width, out int height)
    {
        FaceBox face = Around(landmarks);
        float half = face.Size * CropGrowth * 0.5f;
        int left = Math.Clamp((int)(face.CenterX - half), 0, photo.Format.Width - 1);
        int top = Math.Clamp((int)(face.CenterY - half), 0, photo.Format.Height - 1);
        int right = Math.Clamp((int)(face.CenterX + half) + 1, left + 1, photo.Format.Width);
        int bottom = Math.Clamp((int)(face.CenterY + half) + 1, top + 1, photo.Format.Height);
        float scale = MathF.Max(1, Math.Max(right - left, bottom - top) / (float)MaxCrop);
        width = Math.Max(1, (int)((right - left) / scale));
        height = Math.Max(1, (int)((bottom - top) / scale));
        float[] rgb = new float[3 * width * height];
        float shift = (scale - 1) * 0.5f;
        var toPhoto = new AffineMatrix(scale, 0, left + shift, 0, scale, top + shift);
        CropSampler.ToRgb(photo, toPhoto, width, height, 1, 0, rgb);
        AffineMatrix toCrop = toPhoto.Invert();
        for (int i = 0; i < landmarks.Length; i += 3)
        {
            (landmarks[i], landmarks[i + 1]) = toCrop.Apply(landmarks[i], landmarks[i + 1]);
            landmarks[i + 2] /= scale;
        }

        return rgb;
    }

    private static string? Warn(string name, float size, float yaw)
    {
        if (MathF.Abs(yaw) > MaxGoodYaw)
        {
            return $"The face in the source photo {name} is turned away by {MathF.Abs(yaw):F0} degrees; a frontal photo, or a second one, gives a better result.";
        }

        return size < SmallFace
            ? $"The face in the source photo {name} is only {size:F0} pixels large; a larger photo gives a sharper result."
            : null;
    }
}
