using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Faces.Processors;

/// <summary>
/// One step of a recipe on one frame. One per thread. What it writes depends on the frame and its faces alone, never on the frames
/// before; it allocates nothing once its buffers fit the largest face.
/// </summary>
public interface IFrameProcessor
{
    /// <summary>Changes the frame in place.</summary>
    void Process(Frame frame, FrameFaces faces);
}
