using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Faces.Processors;
using FaceFusion.Batch.Imaging.Frames;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Processors;

public sealed class DebugProcessorTests : IDisposable
{
    private readonly FrameAnalyser _analyser = new(TestModels.BuiltIn);

    public void Dispose() => _analyser.Dispose();

    [Fact]
    public void Process_EachSwitch_DrawsItsPartOnly()
    {
        foreach (int bitDepth in (int[])[8, 10])
        {
            Frame frame = ProcessorFrames.OneMan(bitDepth);
            FrameFaces faces = ProcessorFrames.Find(_analyser, frame);
            int boxes = Changed(frame, faces, new DebugStep { Mesh = false, Labels = false });
            int mesh = Changed(frame, faces, new DebugStep { Boxes = false, Labels = false });
            int labels = Changed(frame, faces, new DebugStep { Boxes = false, Mesh = false });
            Assert.True(boxes > 100, $"{boxes} luma samples for a box");
            Assert.InRange(mesh, 300, TrackedFace.LandmarkCount);
            Assert.True(labels > 500, $"{labels} luma samples for labels");
            Assert.Equal(
                0,
                Changed(
                    frame,
                    faces,
                    new DebugStep
                    {
                        Boxes = false,
                        Mesh = false,
                        Labels = false,
                    }
                )
            );
        }
    }

    [Fact]
    public void Process_BoxNotFiniteOrOutside_IsHarmless()
    {
        Frame frame = ProcessorFrames.OneMan(8);
        FrameFaces faces = new();
        foreach (float x in (float[])[float.NaN, float.PositiveInfinity, 1e30f, -1e30f, -50, 399])
        {
            TrackedFace face = new() { Box = new FaceBox(x, x, 100, 100, 1, 0), HasLandmarks = true };
            Array.Fill(face.Landmarks, x);
            faces.Faces.Add(face);
        }

        new DebugProcessor(new DebugStep()).Process(frame, faces);
        Assert.Equal(6, faces.Faces.Count);
    }

    [Fact]
    public void Process_Again_AllocatesNothing()
    {
        Frame frame = ProcessorFrames.OneMan(8);
        FrameFaces faces = ProcessorFrames.Find(_analyser, frame);
        faces.Number = 123_456;
        DebugProcessor processor = new(new DebugStep());
        processor.Process(frame, faces);
        processor.Process(frame, faces);
        long before = GC.GetAllocatedBytesForCurrentThread();
        processor.Process(frame, faces);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static int Changed(Frame original, FrameFaces faces, DebugStep step)
    {
        Frame frame = ProcessorFrames.Copy(original);
        new DebugProcessor(step).Process(frame, faces);
        int samples = 0;
        int bytes = original.Format.BytesPerSample;
        for (int i = 0; i < original.Format.LumaBytes; i += bytes)
        {
            samples += original.Bytes.Slice(i, bytes).SequenceEqual(frame.Bytes.Slice(i, bytes)) ? 0 : 1;
        }

        return samples;
    }
}
