using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Faces.Processors;

/// <summary>Changes one face of a frame with a model that needs no source. One per thread: it owns its buffers, and allocates nothing per face.</summary>
public interface IFaceEditor
{
    /// <summary>Changes the face in place; a face without landmarks is left as it is.</summary>
    void Edit(Frame frame, TrackedFace face);
}
