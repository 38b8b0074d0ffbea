using FaceFusion.Batch.Faces.Benching;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.TestKit;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Benching;

public sealed class BenchNetworksTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ffb-bench-").FullName;

    [Theory]
    [InlineData(BenchNetworkKind.Free)]
    [InlineData(BenchNetworkKind.BuiltIn)]
    public void Write_AnyPicture_HasTheOneFace(BenchNetworkKind kind)
    {
        BenchNetworks.Write(kind, Path.Combine(Footage.SolutionFolder(), "models"), _folder);
        using FaceModels models = FaceModels.Load(_folder);
        using FrameAnalyser analyser = new(models);
        FrameFormat format = new(640, 360, ChromaLayout.Yuv420, 8, YuvMatrix.Bt709, false, ChromaSiting.Left);
        using FramePool pool = new(format, 1);
        Frame frame = pool.Rent(default);
        float[] mesh = new float[3 * TrackedFace.LandmarkCount];
        float[] unit = new float[FrameAnalyser.EmbeddingLength];
        FaceBox[] boxes = new FaceBox[8];
        foreach (byte grey in (byte[])[0, 128, 255])
        {
            frame.Bytes.Fill(grey);
            Assert.Equal(1, analyser.Detect(frame, boxes, thorough: false));
            Assert.InRange(boxes[0].CenterX, 310, 330);
            Assert.InRange(boxes[0].CenterY, 170, 190);
            Assert.True(analyser.FindLandmarks(frame, boxes[0], mesh) > 0.9f);
            // The nose is between the outer corners of the eyes, and the chin below it.
            Assert.InRange(mesh[3 * 1], mesh[3 * 33], mesh[3 * 263]);
            Assert.True(mesh[(3 * 152) + 1] > mesh[(3 * 1) + 1]);
            analyser.Embed(frame, mesh, unit);
            Assert.Equal(1, unit.Sum(v => v * v), 1e-3f);
        }

        pool.Return(frame);
    }

    [Fact]
    public void Write_Free_SwapperGivesItsCropBack()
    {
        BenchNetworks.Write(BenchNetworkKind.Free, Path.Combine(Footage.SolutionFolder(), "models"), _folder);
        using ModelSessions sessions = new(ModelCatalog.Load(_folder));
        Assert.True(NetworkSpeed.Swapper(sessions, BenchNetworks.SwapperId, 3, 1) > 0);
        using BoundSession swapper = new(sessions.Open(sessions.Catalog.Card(BenchNetworks.SwapperId)), "swapper");
        float[] crop = swapper.InputOf("target");
        for (int i = 0; i < crop.Length; i++)
        {
            crop[i] = i % 255 / 255f;
        }

        swapper.Run();
        Assert.Equal(crop, swapper.OutputAt(0));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
