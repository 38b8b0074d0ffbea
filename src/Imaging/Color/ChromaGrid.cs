using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Color;

/// <summary>Where a luma place lies on the chroma planes: <c>cx = ScaleX · x + ShiftX</c>, in chroma samples with centres at whole numbers.</summary>
internal readonly record struct ChromaGrid(float ScaleX, float ShiftX, float ScaleY, float ShiftY)
{
    public static ChromaGrid Of(FrameFormat format)
    {
        bool halfWidth = format.Chroma != ChromaLayout.Yuv444;
        bool halfHeight = format.Chroma == ChromaLayout.Yuv420;
        return new(
            halfWidth ? 0.5f : 1,
            halfWidth && format.Siting == ChromaSiting.Center ? -0.25f : 0,
            halfHeight ? 0.5f : 1,
            halfHeight && format.Siting != ChromaSiting.TopLeft ? -0.25f : 0
        );
    }
}
