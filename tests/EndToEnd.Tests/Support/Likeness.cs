using FaceFusion.Batch.Faces;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Media.Stills;
using FaceFusion.Batch.Media.Tools;
using FaceFusion.Batch.TestKit;

namespace FaceFusion.Batch.EndToEnd.Tests.Support;

/// <summary>Who is in a picture, asked of the models without the pipeline around them.</summary>
internal sealed class Likeness : IDisposable
{
    private readonly FaceModels _models = FaceModels.Load(Path.Combine(Footage.SolutionFolder(), "models"));
    private readonly FrameAnalyser _analyser;
    private readonly StillReader _stills = new(MediaTools.Locate());
    private readonly TestFolder _folder = new();

    public Likeness() => _analyser = new FrameAnalyser(_models);

    /// <summary>Embedding of the surest face of a picture.</summary>
    public float[] Of(string picture) => Embed(picture, LandmarksIn(picture));

    /// <summary>Embedding of the surest face of one frame, cut out of it where <paramref name="crop"/> (ffmpeg's words) says so.</summary>
    public float[] Of(string video, int frame, string? crop = null) => Of(Still(video, frame, crop));

    /// <summary>Cosine between the face in a frame of the target and what is in the same place of the result.</summary>
    public float Kept(string target, string result, int frame)
    {
        string before = Still(target, frame);
        float[] landmarks = LandmarksIn(before);
        return Cosine(Embed(before, landmarks), Embed(Still(result, frame), landmarks));
    }

    public static float Cosine(float[] a, float[] b) => a.Zip(b, (x, y) => x * y).Sum();

    public void Dispose()
    {
        _analyser.Dispose();
        _models.Dispose();
        _folder.Dispose();
    }

    private string Still(string video, int frame, string? crop = null)
    {
        string path = _folder[$"{Guid.NewGuid():N}.png"];
        string cut = crop is null ? "" : $",crop={crop}";
        Clips.Make(path, "-i", video, "-vf", $"select=eq(n\\,{frame}){cut}", "-frames:v", "1");
        return path;
    }

    private float[] LandmarksIn(string picture)
    {
        using Photo photo = _stills.Read(picture);
        FaceBox[] faces = new FaceBox[8];
        if (_analyser.Detect(photo.Frame, faces, thorough: false) == 0)
        {
            throw new InvalidOperationException($"No face in {picture}.");
        }

        float[] landmarks = new float[478 * 3];
        _ = _analyser.FindLandmarks(photo.Frame, faces[0], landmarks);
        return landmarks;
    }

    private float[] Embed(string picture, float[] landmarks)
    {
        using Photo photo = _stills.Read(picture);
        float[] embedding = new float[FrameAnalyser.EmbeddingLength];
        _analyser.Embed(photo.Frame, landmarks, embedding);
        return embedding;
    }
}
