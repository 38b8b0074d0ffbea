using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Patches;

namespace FaceFusion.Batch.Faces.Fusing;

/// <summary>
/// One swap model family with one source identity loaded. One per thread: it owns its buffers. What it writes depends on the frame and
/// the face alone, never on the frames before.
/// </summary>
public interface IFaceFuser
{
    /// <summary>Where the last <see cref="Fuse"/> may have written, in luma pixels; empty where it wrote nothing. May reach beyond the frame.</summary>
    PixelRect Region { get; }

    /// <summary>How much of each pixel of <see cref="Region"/> was replaced, 0 to 1, row by row; a pixel with 0 kept its bytes.</summary>
    ReadOnlySpan<float> Mask { get; }

    /// <summary>Puts the source's face on <paramref name="face"/> in place.</summary>
    void Fuse(Frame frame, TrackedFace face);
}
