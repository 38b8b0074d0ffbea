using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Faces.Enhancing;
using FaceFusion.Batch.Faces.Masking;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Onnx;
using FaceFusion.Batch.Faces.Processors;
using FaceFusion.Batch.Faces.Tests.Goldens;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Geometry;
using FaceFusion.Batch.TestNetworks;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Enhancing;

public sealed class FaceEnhancerTests : IDisposable
{
    private readonly NetworkFolder _folder = new();
    private ModelSessions? _sessions;

    public void Dispose()
    {
        _sessions?.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Edit_LeaningFaceAtTheEdge_IsCutBlendedAndPastedAsTheGolden()
    {
        FrameFormat format = new(84, 76, ChromaLayout.Yuv444, 8, YuvMatrix.Bt601, true, ChromaSiting.Center);
        Frame frame = new FramePool(format, 1).Rent(TestContext.Current.CancellationToken);
        EnhancingGolden.Bytes("face-source.bin").CopyTo(frame.Bytes);
        TrackedFace face = new() { Points = [50.2f, 31.1f, 73.4f, 36.8f, 58.9f, 47.3f, 45.8f, 55.2f, 65.3f, 60.4f] };
        using FaceEnhancer enhancer = Make(EnhancingNetworks.Tint(64), new EnhanceStep { Blend = 80 });
        enhancer.Edit(frame, face);
        double[] golden = EnhancingGolden.Samples("face-result.bin");
        double worst = 0;
        double sum = 0;
        for (int i = 0; i < golden.Length; i++)
        {
            double off = Math.Abs(golden[i] - frame.Bytes[i]);
            worst = Math.Max(worst, off);
            sum += off;
        }

        // Half a level of rounding at the end and one of the crop, which can fall to either side; the sampling places of OpenCV are
        // multiples of 1/32 pixel. The mean is that of rounding alone.
        Assert.True(worst < 1.6, $"off by up to {worst:0.00} levels");
        Assert.True(sum / golden.Length < 0.3, $"off by {sum / golden.Length:0.00} levels in the mean");
    }

    [Fact]
    public void Edit_BlendZeroOrNoLandmarks_KeepsTheBytes()
    {
        Frame frame = EditedFrames.Plain(120, 120, 8, 90, 120, 140);
        byte[] before = frame.Bytes.ToArray();
        using (FaceEnhancer off = Make(EnhancingNetworks.Contrast(64), new EnhanceStep { Blend = 0 }))
        {
            off.Edit(frame, EditedFrames.Face(60, 60, 20).Faces[0]);
        }

        Assert.Equal(before, frame.Bytes.ToArray());
        using FaceEnhancer on = Make(EnhancingNetworks.Contrast(64), new EnhanceStep { Blend = 100 });
        on.Edit(frame, new TrackedFace());
        on.Edit(frame, new TrackedFace { Points = [5, 5, 5, 5, 5, 5, 5, 5, 5, 5] });
        on.Edit(frame, new TrackedFace { Points = [5, 5, 9, 5, 7, float.NaN, 5, 9, 9, 9] });
        Assert.Equal(before, frame.Bytes.ToArray());
        on.Edit(frame, EditedFrames.Face(60, 60, 20).Faces[0]);
        Assert.NotEqual(before, frame.Bytes.ToArray());
    }

    [Theory]
    [InlineData(0, -0.25)]
    [InlineData(0.5, 0)]
    [InlineData(1, 0.25)]
    public void Edit_ModelWithWeight_IsToldItInDoublePrecision(double weight, double moved)
    {
        Frame frame = EditedFrames.Plain(120, 120, 8, 100, 128, 128);
        using FaceEnhancer enhancer = Make(
            EnhancingNetworks.Weighted(64),
            new EnhanceStep { Blend = 100, Weight = weight },
            "codeformer"
        );
        enhancer.Edit(frame, EditedFrames.Face(60, 60, 20).Faces[0]);

        // One is half the range of values, 127.5 levels; the crop is rounded, and so is the frame.
        Assert.Equal(100 + (moved * 127.5), EditedFrames.Rgb(frame, 60, 60).G, 1.1);
        Assert.Equal(100, EditedFrames.Rgb(frame, 1, 1).G, 0.1);
    }

    [Fact]
    public void Edit_OutputBeyondTheRange_IsClippedAtBlackAndWhite()
    {
        foreach ((int luma, double made) in (ReadOnlySpan<(int, double)>)[(20, 0), (230, 255), (140, 152.5)])
        {
            Frame frame = EditedFrames.Plain(120, 120, 8, luma, 128, 128);
            using FaceEnhancer enhancer = Make(EnhancingNetworks.Contrast(64), new EnhanceStep { Blend = 50 });
            enhancer.Edit(frame, EditedFrames.Face(60, 60, 20).Faces[0]);

            // Half of it is blended, so that a value beyond the range would show.
            Assert.Equal((luma + made) / 2, EditedFrames.Rgb(frame, 60, 60).G, 1.1);
        }
    }

    [Fact]
    public void Edit_TenBitFrame_KeepsItsFineLevels()
    {
        // 514 of 1023 is no whole level of 8 bit: rounding the crop would move it.
        Frame frame = EditedFrames.Plain(120, 120, 10, 514, 512, 512);
        using FaceEnhancer enhancer = Make(EnhancingNetworks.Identity(64), new EnhanceStep { Blend = 100 });
        enhancer.Edit(frame, EditedFrames.Face(60, 60, 20).Faces[0]);
        Assert.Equal(514, frame.Plane16(0)[(60 * 120) + 60]);
    }

    [Fact]
    public void Edit_MaskLimit_LowersTheMaskInTheCrop()
    {
        Frame frame = EditedFrames.Plain(120, 120, 8, 140, 128, 128);
        (int size, float left) = (0, 0f);
        using FaceEnhancer enhancer = Make(
            EnhancingNetworks.Contrast(64),
            new EnhanceStep { Blend = 100 },
            limit: (Frame seen, in AffineMatrix cropToFrame, int edge, Span<float> mask) =>
            {
                size = edge;
                left = cropToFrame.Apply(0, 32).X;
                Assert.Equal(140, seen.Plane(0)[(60 * 120) + 60]);
                for (int i = 0; i < mask.Length; i++)
                {
                    mask[i] = i % edge < edge / 2 ? 0 : mask[i];
                }
            }
        );
        enhancer.Edit(frame, EditedFrames.Face(60, 60, 20).Faces[0]);
        Assert.Equal(64, size);
        Assert.InRange(left, 5, 25);
        Assert.Equal(140, frame.Plane(0)[(60 * 120) + 50]);
        Assert.InRange(frame.Plane(0)[(60 * 120) + 70], 151, 154);
    }

    [Fact]
    public void Edit_OccluderInFront_LeavesWhatItCovers()
    {
        // A net that sees the face only where the picture is dark; a bright hand covers the left half.
        OnnxBuilder graph = new();
        string picture = graph.Input("input", OnnxType.Float, 1, 256, 256, 3);
        string mean = graph.Node("ReduceMean", [picture], OnnxAttribute.OfMany("axes", 3L));
        graph.Output(
            "output",
            graph.Node("Cast", [graph.Node("Less", [mean, graph.Scalar(0.7f)])], OnnxAttribute.Of("to", 1)),
            OnnxType.Float,
            1,
            256,
            256,
            1
        );
        ModelInput input = new()
        {
            Width = 256,
            Height = 256,
            Layout = "nhwc",
            Channels = "bgr",
            Std = new(255),
        };
        _folder.Add(
            EnhancingNetworks.Card("occluder", 256) with
            {
                Role = "occluder",
                Family = "xseg",
                Input = input,
            },
            graph.ToBytes("occluder")
        );
        Frame frame = EditedFrames.Plain(120, 120, 8, 140, 128, 128);
        for (int i = 0; i < 120 * 120; i++)
        {
            frame.Plane(0)[i] = i % 120 < 60 ? (byte)240 : (byte)140;
        }

        ModelCard card = _folder.Add(EnhancingNetworks.Card("net", 64), EnhancingNetworks.Contrast(64));
        _sessions = new ModelSessions(_folder.ToCatalog());
        using OcclusionLimit limit = new(_sessions, "occluder");
        using FaceEnhancer enhancer = new(_sessions, card, new EnhanceStep { Blend = 100 }, limit.Lower);
        enhancer.Edit(frame, EditedFrames.Face(60, 60, 20).Faces[0]);
        Assert.Equal(240, frame.Plane(0)[(60 * 120) + 45]);
        Assert.InRange(frame.Plane(0)[(60 * 120) + 75], 151, 154);
    }

    [Fact]
    public void Process_Selection_EditsThoseFacesAloneAndAllocatesNothing()
    {
        Frame frame = EditedFrames.Plain(200, 100, 8, 140, 128, 128);
        FrameFaces faces = EditedFrames.Face(50, 50, 16);
        faces.Faces.AddRange(EditedFrames.Face(150, 50, 16).Faces);
        faces.Faces[1].Person = 2;
        using FaceEnhancer enhancer = Make(EnhancingNetworks.Contrast(64), new EnhanceStep { Blend = 100 });
        EditProcessor processor = new(enhancer, face => face.Person == 2);
        processor.Process(frame, faces);
        Assert.Equal(140, frame.Plane(0)[(50 * 200) + 50]);
        Assert.InRange(frame.Plane(0)[(50 * 200) + 150], 151, 154);
        processor.Process(frame, faces);
        long before = GC.GetAllocatedBytesForCurrentThread();
        processor.Process(frame, faces);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void FaceEnhancer_ModelOfAnotherSize_SaysSo()
    {
        ModelCard card = _folder.Add(EnhancingNetworks.Card("small", 128), EnhancingNetworks.Identity(64));
        _sessions = new ModelSessions(_folder.ToCatalog());
        ModelException e = Assert.Throws<ModelException>(() => new FaceEnhancer(_sessions, card, new EnhanceStep()));
        Assert.Equal("model-shape", e.Code);
    }

    private FaceEnhancer Make(byte[] model, EnhanceStep step, string family = "gfpgan", MaskLimit? limit = null)
    {
        ModelCard card = _folder.Add(EnhancingNetworks.Card($"net-{Guid.NewGuid():n}", 64, family), model);
        _sessions?.Dispose();
        _sessions = new ModelSessions(_folder.ToCatalog());
        return new FaceEnhancer(_sessions, card, step, limit);
    }
}
