using System.Diagnostics;
using System.Numerics.Tensors;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Imaging.Frames;
using Microsoft.ML.OnnxRuntime;

namespace FaceFusion.Batch.Faces.Devices;

/// <summary>How far two devices agree on a photo.</summary>
/// <param name="Faces">Faces that the reference found.</param>
/// <param name="FacesOther">Faces that the other one found.</param>
/// <param name="BoxPixels">Greatest distance of a box's centre, in pixels of the frame.</param>
/// <param name="LandmarkPixels">Greatest distance of one of a mesh's points, in pixels of the frame.</param>
/// <param name="FaceWidth">Width of the largest box in pixels, to judge the distances by.</param>
/// <param name="LeastCosine">Of the embeddings of one face, the least of all faces.</param>
public sealed record PhotoParity(
    int Faces,
    int FacesOther,
    double BoxPixels,
    double LandmarkPixels,
    double FaceWidth,
    double LeastCosine
);

/// <summary>How far two devices agree on one network's outputs for the same noise.</summary>
/// <param name="Model">Role of the network.</param>
/// <param name="RelativeError">L2 norm of the difference over the reference's.</param>
/// <param name="GreatestError">Greatest difference of two values.</param>
/// <param name="IsRepeatable">The other device gave the same bits again in a session of its own.</param>
public sealed record NetworkParity(string Model, double RelativeError, double GreatestError, bool IsRepeatable);

/// <summary>Compares the built-in models on one device with themselves on another, and measures their speed.</summary>
public static class DeviceParity
{
    private const int MostFaces = 64;

    /// <summary>Everything that an analysis finds in a photo.</summary>
    public static PhotoParity Compare(FaceModels reference, FaceModels other, Frame photo)
    {
        using var first = new FrameAnalyser(reference);
        using var second = new FrameAnalyser(other);
        FaceBox[] boxes = new FaceBox[MostFaces];
        FaceBox[] others = new FaceBox[MostFaces];
        int faces = first.Detect(photo, boxes, thorough: false);
        int found = second.Detect(photo, others, thorough: false);
        double box = 0;
        double landmark = 0;
        double width = 0;
        double cosine = 1;
        float[][] points = [new float[3 * TrackedFace.LandmarkCount], new float[3 * TrackedFace.LandmarkCount]];
        float[][] units = [new float[FrameAnalyser.EmbeddingLength], new float[FrameAnalyser.EmbeddingLength]];
        for (int i = 0; i < Math.Min(faces, found); i++)
        {
            box = Math.Max(box, Distance(boxes[i].CenterX, boxes[i].CenterY, others[i].CenterX, others[i].CenterY));
            width = Math.Max(width, boxes[i].Width);
            // The same place for both, so that an error of the detector is not counted twice.
            _ = first.FindLandmarks(photo, boxes[i], points[0]);
            _ = second.FindLandmarks(photo, boxes[i], points[1]);
            for (int p = 0; p < points[0].Length; p += 3)
            {
                landmark = Math.Max(landmark, Distance(points[0][p], points[0][p + 1], points[1][p], points[1][p + 1]));
            }

            first.Embed(photo, points[0], units[0]);
            second.Embed(photo, points[0], units[1]);
            cosine = Math.Min(cosine, TensorPrimitives.Dot<float>(units[0], units[1]));
        }

        return new PhotoParity(faces, found, box, landmark, width, cosine);
    }

    /// <summary>Each network on noise, twice with other noise: a device that keeps an old input is found out.</summary>
    /// <param name="again">The other device's models in sessions of their own.</param>
    public static IReadOnlyList<NetworkParity> Compare(FaceModels reference, FaceModels other, FaceModels again) =>
        [
            .. Networks(reference)
                .Zip(Networks(other), Networks(again))
                .Select(three =>
                    Compare(three.First.Model, three.First.Session, three.Second.Session, three.Third.Session)
                ),
        ];

    /// <summary>Runs a second of each network for so many inputs at a time; network to inputs a second.</summary>
    /// <param name="milliseconds">How long each network runs.</param>
    public static IReadOnlyDictionary<string, double> Speed(FaceModels models, int batch, int milliseconds)
    {
        Dictionary<string, double> rates = [];
        foreach ((string model, InferenceSession session) in Networks(models))
        {
            using var bound = new BoundSession(session, model, batch);
            Fill(bound.Input, seed: 1);
            for (int i = 0; i < 5; i++)
            {
                bound.Run();
            }

            int runs = 0;
            long start = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(start).TotalMilliseconds < milliseconds)
            {
                bound.Run();
                runs++;
            }

            rates[model] = runs * batch / Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        return rates;
    }

    private static (string Model, InferenceSession Session)[] Networks(FaceModels models) =>
        [
            ("detector", models.DetectorSession),
            ("landmarks", models.MeshSession),
            ("embedding", models.EmbeddingSession),
        ];

    private static NetworkParity Compare(
        string model,
        InferenceSession reference,
        InferenceSession other,
        InferenceSession again
    )
    {
        using var first = new BoundSession(reference, model);
        using var second = new BoundSession(other, model);
        using var third = new BoundSession(again, model);
        double difference = 0;
        double whole = 0;
        double greatest = 0;
        bool isRepeatable = true;
        for (int seed = 1; seed <= 2; seed++)
        {
            foreach (BoundSession session in (BoundSession[])[first, second, third])
            {
                Fill(session.Input, seed);
                session.Run();
            }

            for (int i = 0; i < first.OutputCount; i++)
            {
                float[] expected = first.OutputAt(i);
                float[] found = second.OutputAt(i);
                double distance = TensorPrimitives.Distance<float>(expected, found);
                double norm = TensorPrimitives.Norm<float>(expected);
                difference += distance * distance;
                whole += norm * norm;
                greatest = Math.Max(greatest, expected.Zip(found, (a, b) => Math.Abs(a - b)).Max());
                isRepeatable &= found.AsSpan().SequenceEqual(third.OutputAt(i));
            }
        }

        return new NetworkParity(model, Math.Sqrt(difference / whole), greatest, isRepeatable);
    }

    private static void Fill(float[] values, int seed)
    {
        Random random = new(seed);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = random.NextSingle();
        }
    }

    private static double Distance(double x, double y, double otherX, double otherY) =>
        Math.Sqrt(((x - otherX) * (x - otherX)) + ((y - otherY) * (y - otherY)));
}
