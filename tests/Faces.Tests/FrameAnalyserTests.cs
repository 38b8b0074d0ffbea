using FaceFusion.Batch.Faces.Landmarks;
using FaceFusion.Batch.Faces.Recognition;
using FaceFusion.Batch.Imaging.Frames;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests;

public sealed class FrameAnalyserTests : IDisposable
{
    private readonly FrameAnalyser _analyser = new(TestModels.BuiltIn);
    private readonly FaceBox[] _boxes = new FaceBox[64];

    public void Dispose() => _analyser.Dispose();

    [Theory]
    [InlineData("audrey.jpg", 1)]
    [InlineData("sample1.jpg", 3)]
    [InlineData("sample4.jpg", 4)]
    [InlineData("sample5.jpg", 5)]
    [InlineData("skullmask.jpg", 0)]
    public void Detect_Photo_FindsEachFaceOnceFromTheLeft(string photo, int faces)
    {
        int count = _analyser.Detect(TestClip.Photo(photo), _boxes, thorough: false);

        Assert.Equal(faces, count);
        Assert.Equal(_boxes[..count].OrderBy(box => box.CenterX), _boxes[..count]);
    }

    [Fact]
    public void Detect_FaceFillsThePicture_IsFoundThoroughly()
    {
        Frame photo = TestClip.Photo("audrey_crop.jpg");

        Assert.Equal(0, _analyser.Detect(photo, _boxes, thorough: false));
        Assert.Equal(1, _analyser.Detect(photo, _boxes, thorough: true));
    }

    [Fact]
    public void Detect_TinyFaces_AreFoundThoroughly()
    {
        // Five faces of 30 to 40 pixels in a picture of 1920.
        Frame photo = TestClip.Photo("sample5.jpg", "scale=320:-2,pad=1920:1398:1300:900");

        int plain = _analyser.Detect(photo, _boxes, thorough: false);
        int thorough = _analyser.Detect(photo, _boxes, thorough: true);

        Assert.True(plain < 5, $"{plain} without tiles");
        Assert.True(thorough >= 5, $"{thorough} with tiles");
    }

    [Theory]
    [InlineData("transpose=clock", 270)]
    [InlineData("transpose=cclock", 90)]
    [InlineData("hflip,vflip", 180)]
    public void Detect_RotatedVideo_GivesPlacesInTheUnrotatedFrame(string filter, int rotation)
    {
        Frame upright = TestClip.Photo("franck_02045.jpg");
        Frame turned = TestClip.Photo("franck_02045.jpg", filter);
        using var rotated = new FrameAnalyser(TestModels.BuiltIn, rotation);
        Assert.Equal(1, _analyser.Detect(upright, _boxes, thorough: false));
        FaceBox expected = _boxes[0];

        Assert.Equal(1, rotated.Detect(turned, _boxes, thorough: false));

        float w = upright.Format.Width - 1;
        float h = upright.Format.Height - 1;
        (float X, float Y) back = rotation switch
        {
            270 => (_boxes[0].CenterY, h - _boxes[0].CenterX),
            90 => (w - _boxes[0].CenterY, _boxes[0].CenterX),
            _ => (w - _boxes[0].CenterX, h - _boxes[0].CenterY),
        };
        Assert.InRange(back.X, expected.CenterX - 3, expected.CenterX + 3);
        Assert.InRange(back.Y, expected.CenterY - 3, expected.CenterY + 3);
        float turn = MathF.IEEERemainder(_boxes[0].Angle - expected.Angle + (rotation * MathF.PI / 180), 2 * MathF.PI);
        Assert.InRange(turn, -0.05f, 0.05f);
        float[] xyz = new float[TrackedFace.LandmarkCount * 3];
        Assert.True(rotated.FindLandmarks(turned, _boxes[0], xyz) > 0.9f);
    }

    [Fact]
    public void FindLandmarks_MirroredPicture_GivesTheMirroredMesh()
    {
        Frame photo = TestClip.Photo("franck_02045.jpg");
        Frame mirrored = TestClip.Photo("franck_02045.jpg", "hflip");
        float right = photo.Format.Width - 1;
        _analyser.Detect(photo, _boxes, thorough: false);
        FaceBox box = _boxes[0];
        float[] mesh = new float[TrackedFace.LandmarkCount * 3];
        float[] other = new float[TrackedFace.LandmarkCount * 3];
        _analyser.FindLandmarks(photo, box, mesh);

        _analyser.FindLandmarks(mirrored, box with { X = right - box.X - box.Width, Angle = -box.Angle }, other);

        float[] errors =
        [
            .. Enumerable
                .Range(0, CanonicalMesh.VertexCount)
                .Select(i =>
                {
                    int m = TestModels.BuiltIn.Mesh.Mirror[i];
                    return MathF.Abs(mesh[3 * i] - (right - other[3 * m]));
                }),
        ];
        Assert.InRange(errors.Average(), 0, box.Size * 0.012f);
    }

    [Fact]
    public void FindLandmarks_Profile_ScoresLow()
    {
        Frame photo = TestClip.Photo("sample2.jpg");
        int count = _analyser.Detect(photo, _boxes, thorough: false);
        float[] xyz = new float[TrackedFace.LandmarkCount * 3];

        float[] scores = [.. Enumerable.Range(0, count).Select(i => _analyser.FindLandmarks(photo, _boxes[i], xyz))];

        Assert.True(scores[0] < 0.1f, "a full profile");
        Assert.All(scores[1..], score => Assert.True(score > 0.9f));
    }

    [Fact]
    public void Embed_SameAndOtherPerson_AreToldApart()
    {
        float[] young = Embed("franck_02045.jpg");

        Assert.True(Embeddings.Cosine(young, Embed("franck_04117.jpg")) > 0.7f);
        Assert.True(Embeddings.Cosine(young, Embed("audrey.jpg")) < 0.3f);
        Assert.InRange(Embeddings.Cosine(young, young), 0.999f, 1.001f);
    }

    [Fact]
    public void Analyse_SteadyState_AllocatesNothing()
    {
        using var pool = new FramePool(TestClip.OneMan.Format, 1);
        Frame frame = pool.Rent(CancellationToken.None);
        float[] xyz = new float[TrackedFace.LandmarkCount * 3];
        float[] unit = new float[FrameAnalyser.EmbeddingLength];
        long before = 0;
        for (int i = 0; i < 12; i++)
        {
            TestClip.OneMan.Load(i, frame);
            before = i == 2 ? GC.GetAllocatedBytesForCurrentThread() : before;
            _analyser.Detect(frame, _boxes, thorough: i % 2 == 0);
            _analyser.FindLandmarks(frame, _boxes[0], xyz);
            _analyser.Embed(frame, xyz, unit);
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(0, allocated);
    }

    private float[] Embed(string fileName)
    {
        Frame photo = TestClip.Photo(fileName);
        float[] xyz = new float[TrackedFace.LandmarkCount * 3];
        float[] unit = new float[FrameAnalyser.EmbeddingLength];
        Assert.Equal(1, _analyser.Detect(photo, _boxes, thorough: false));
        _analyser.FindLandmarks(photo, _boxes[0], xyz);
        _analyser.Embed(photo, xyz, unit);
        return unit;
    }
}
