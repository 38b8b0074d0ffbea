using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Faces.Processors;
using FaceFusion.Batch.Faces.Recognition;
using FaceFusion.Batch.Imaging.Frames;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Processors;

public sealed class RedactProcessorTests : IDisposable
{
    private readonly FrameAnalyser _analyser = new(TestModels.BuiltIn);
    private readonly FaceBox[] _boxes = new FaceBox[64];

    public void Dispose() => _analyser.Dispose();

    [Theory]
    [InlineData(RedactStyle.Blur)]
    [InlineData(RedactStyle.Pixelate)]
    [InlineData(RedactStyle.Solid)]
    public void Process_RealFaces_CanNoLongerBeRecognised(RedactStyle style)
    {
        foreach (string photo in (string[])["franck_02045.jpg", "audrey.jpg", "sample1.jpg", "sample6.jpg"])
        {
            Frame original = TestClip.Photo(photo);
            Frame redacted = ProcessorFrames.Copy(original);
            FrameFaces faces = ProcessorFrames.Find(_analyser, original);
            Assert.NotEmpty(faces.Faces);

            new RedactProcessor(new RedactStep { Style = style }).Process(redacted, faces);

            foreach (TrackedFace face in faces.Faces.Where(face => face.Score > 0.9f))
            {
                // The embedding is asked at the very place of the face, which nobody who sees only the result knows so well.
                float cosine = Embeddings.Cosine(Embed(original, face), Embed(redacted, face));
                Assert.True(cosine < 0.35f, $"{photo} {style}: cosine {cosine:0.00} to the original");
            }
        }
    }

    [Theory]
    [InlineData(RedactStyle.Blur)]
    [InlineData(RedactStyle.Solid)]
    public void Process_RealFaces_AreNoLongerFound(RedactStyle style)
    {
        foreach (int bitDepth in (int[])[8, 10])
        {
            Frame frame = ProcessorFrames.OneMan(bitDepth);
            FrameFaces faces = ProcessorFrames.Find(_analyser, frame);
            Assert.Single(faces.Faces);
            new RedactProcessor(new RedactStep { Style = style }).Process(frame, faces);
            int count = _analyser.Detect(frame, _boxes, thorough: false);
            float[] xyz = new float[TrackedFace.LandmarkCount * 3];
            for (int i = 0; i < count; i++)
            {
                float score = _analyser.FindLandmarks(frame, _boxes[i], xyz);
                Assert.True(score < 0.5f, $"{style} at {bitDepth} bit: a mesh of score {score:0.00} fits");
            }
        }
    }

    [Fact]
    public void Process_FaceAcrossTheEdge_CoversWhatIsThere()
    {
        Frame frame = ProcessorFrames.OneMan(8);
        byte[] before = frame.Bytes.ToArray();
        FrameFaces faces = new();
        faces.Faces.Add(new TrackedFace { Box = new FaceBox(-30, -20, 80, 90, 1, 0), Interpolated = true });
        new RedactProcessor(new RedactStep { Style = RedactStyle.Solid, Grow = 0.25 }).Process(frame, faces);
        Span<byte> luma = frame.Plane(0);
        int width = frame.Format.Width;

        // The grown box ends at x = 70 and y = 92.5; its rim an eighth of 120 pixels further.
        Assert.Equal(luma[0], luma[(92 * width) + 70]);
        Assert.Equal(before[(92 * width) + 90], luma[(92 * width) + 90]);
        Assert.Equal(before[(110 * width) + 20], luma[(110 * width) + 20]);
    }

    [Fact]
    public void Process_NoFaces_KeepsTheBytes()
    {
        Frame frame = ProcessorFrames.OneMan(10);
        byte[] before = frame.Bytes.ToArray();
        new RedactProcessor(new RedactStep()).Process(frame, new FrameFaces());
        Assert.Equal(before, frame.Bytes.ToArray());
    }

    [Fact]
    public void Process_Again_AllocatesNothing()
    {
        Frame frame = ProcessorFrames.OneMan(8);
        FrameFaces faces = ProcessorFrames.Find(_analyser, frame);
        foreach (RedactStyle style in Enum.GetValues<RedactStyle>())
        {
            RedactProcessor processor = new(new RedactStep { Style = style });
            processor.Process(frame, faces);
            processor.Process(frame, faces);
            long before = GC.GetAllocatedBytesForCurrentThread();
            processor.Process(frame, faces);
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    private float[] Embed(Frame frame, TrackedFace face)
    {
        float[] unit = new float[FrameAnalyser.EmbeddingLength];
        _analyser.Embed(frame, face.Landmarks, unit);
        return unit;
    }
}
