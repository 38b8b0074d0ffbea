namespace FaceFusion.Batch.Imaging.Frames;

/// <summary>How chroma planes are subsampled.</summary>
public enum ChromaLayout
{
    Yuv420,
    Yuv422,
    Yuv444,
}

/// <summary>Non-constant-luminance matrix coefficients (ITU-R BT.601, BT.709, BT.2020).</summary>
public enum YuvMatrix
{
    Bt601,
    Bt709,
    Bt2020,
}

/// <summary>Horizontal place of a chroma sample relative to the luma samples it covers; vertical is centred in 4:2:0 unless top-left.</summary>
public enum ChromaSiting
{
    Left,
    Center,
    TopLeft,
}

/// <summary>
/// Layout and meaning of a frame's bytes: three planes Y, U, V one after another without padding, as ffmpeg's rawvideo has them;
/// one byte a sample at 8 bit, two little-endian bytes above.
/// </summary>
public sealed record FrameFormat(
    int Width,
    int Height,
    ChromaLayout Chroma,
    int BitDepth,
    YuvMatrix Matrix,
    bool FullRange,
    ChromaSiting Siting
)
{
    public int BytesPerSample => BitDepth > 8 ? 2 : 1;

    /// <summary>Chroma size is rounded up for odd luma sizes.</summary>
    public int ChromaWidth => Chroma == ChromaLayout.Yuv444 ? Width : (Width + 1) / 2;

    public int ChromaHeight => Chroma == ChromaLayout.Yuv420 ? (Height + 1) / 2 : Height;

    public int LumaBytes => Width * Height * BytesPerSample;

    public int ChromaBytes => ChromaWidth * ChromaHeight * BytesPerSample;

    /// <summary>Bytes of one frame in the pipe and in memory.</summary>
    public int FrameBytes => LumaBytes + (2 * ChromaBytes);
}
