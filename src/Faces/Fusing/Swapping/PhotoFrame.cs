using FaceFusion.Batch.Faces.Alignment;
using FaceFusion.Batch.Faces.Scanning;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Geometry;
using FaceFusion.Batch.Imaging.Patches;

namespace FaceFusion.Batch.Faces.Fusing.Swapping;

/// <summary>A source photo as a frame that crops can be cut from, and its face's five points.</summary>
internal sealed class PhotoFrame : IDisposable
{
    private readonly FramePool _pool;
    private readonly float[] _points = new float[FacePoints.Length];

    public PhotoFrame(SourceFace photo)
    {
        FrameFormat format = new(
            photo.Width,
            photo.Height,
            ChromaLayout.Yuv444,
            8,
            YuvMatrix.Bt601,
            FullRange: true,
            ChromaSiting.Center
        );
        _pool = new FramePool(format, 1);
        Frame = _pool.Rent(CancellationToken.None);
        float[] whole = new float[photo.Width * photo.Height];
        Array.Fill(whole, 1);
        PasteBack.BlendCrop(Frame, AffineMatrix.Identity, photo.Width, photo.Height, photo.Rgb, whole);
        FacePoints.FromMesh(photo.Landmarks, _points);
    }

    public Frame Frame { get; }

    public ReadOnlySpan<float> Points => _points;

    public void Dispose()
    {
        _pool.Return(Frame);
        _pool.Dispose();
    }
}
